/** A form as a person without JavaScript would send it: where to, how, and what it already holds. */
export type Form = {
  readonly action: string
  readonly method: 'get' | 'post'
  /** Hidden fields and values that stand in the form already. */
  readonly values: ReadonlyMap<string, string>
  /** Names of everything a person may fill in or choose. */
  readonly names: ReadonlySet<string>
  /** Submit buttons that carry a name, as `name=value`. */
  readonly buttons: readonly { readonly name: string; readonly value: string }[]
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Text of an attribute or element, its character references resolved. */
export const decodeHtml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return entities[name.toLowerCase()] ?? whole
  })

const attributesOf = (tag: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const inside = tag.replace(/^<\s*[a-z0-9-]+/i, '').replace(/\/?>$/, '')
  for (const match of inside.matchAll(/([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    found.set((match[1] ?? '').toLowerCase(), decodeHtml(match[2] ?? match[3] ?? match[4] ?? ''))
  }
  return found
}

const readForm = (openTag: string, body: string): Form => {
  const form = attributesOf(openTag)
  const values = new Map<string, string>()
  const names = new Set<string>()
  const buttons: { name: string; value: string }[] = []
  for (const match of body.matchAll(/<(input|button|select|textarea)\b[^>]*>/gi)) {
    const element = attributesOf(match[0])
    const name = element.get('name')
    const type = (
      element.get('type') ?? (match[1]?.toLowerCase() === 'button' ? 'submit' : 'text')
    ).toLowerCase()
    if (name === undefined || name === '' || element.has('disabled')) continue
    if (type === 'submit') {
      buttons.push({ name, value: element.get('value') ?? '' })
      continue
    }
    if (type !== 'hidden') names.add(name)
    const chosen = !['checkbox', 'radio'].includes(type) || element.has('checked')
    if (chosen) values.set(name, element.get('value') ?? '')
  }
  const method = form.get('method')?.toLowerCase() === 'post' ? 'post' : 'get'
  return { action: form.get('action') ?? '', method, values, names, buttons }
}

/** The forms of a page, in their order. */
export const formsOf = (html: string): readonly Form[] =>
  [...html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/gi)].map((match) =>
    readForm(match[1] ?? '', match[2] ?? ''),
  )

/** The first form that takes all of `fields`, as an input, a hidden value or a button; throws where none does. */
export const formWith = (html: string, fields: Readonly<Record<string, string>>): Form => {
  const takes = (form: Form, name: string, value: string) =>
    form.names.has(name) ||
    form.values.has(name) ||
    form.buttons.some((button) => button.name === name && button.value === value)
  const form = formsOf(html).find((candidate) =>
    Object.entries(fields).every(([name, value]) => takes(candidate, name, value)),
  )
  if (form === undefined) {
    throw new Error(`No form on the page takes ${Object.keys(fields).join(', ')}:\n${html.slice(0, 4000)}`)
  }
  return form
}
