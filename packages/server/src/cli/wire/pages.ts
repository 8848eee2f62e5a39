const PAGE = 500

type Stretch = { readonly after?: string; readonly limit?: number }

/** Reads a list that is ordered by id page by page: all of it, or at most `limit` behind `after`. */
export async function everyPage<T extends { readonly id: string }>(
  read: (page: { readonly after: string | null; readonly limit: number }) => Promise<readonly T[]>,
  { after = '', limit = Number.POSITIVE_INFINITY }: Stretch,
): Promise<readonly T[]> {
  const found: T[] = []
  let last = after
  while (found.length < limit) {
    const size = Math.min(PAGE, limit - found.length)
    const page = await read({ after: last === '' ? null : last, limit: size })
    found.push(...page)
    last = page.at(-1)?.id ?? last
    if (page.length < size) break
  }
  return found
}
