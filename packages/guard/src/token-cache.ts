/** A bounded memory of what was verified. */
export type TokenCache<T> = {
  readonly find: (digest: string) => T | null
  readonly insert: (digest: string, value: T) => void
}

/**
 * Keeps at most `size` values, the recently used ones. Two generations instead of a list in order of use: when
 * the young one is full, the old one is dropped whole, so that a hit writes nothing in the common case and
 * nobody can make an insertion slow.
 */
export function createTokenCache<T>(size: number): TokenCache<T> {
  const half = Math.ceil(size / 2)
  let young = new Map<string, T>()
  let old = new Map<string, T>()

  const insert = (digest: string, value: T): void => {
    if (size === 0) return
    if (young.size >= half) {
      old = young
      young = new Map()
    }
    young.set(digest, value)
  }

  const find = (digest: string): T | null => {
    const recent = young.get(digest)
    if (recent !== undefined) return recent
    const older = old.get(digest)
    if (older === undefined) return null
    old.delete(digest)
    insert(digest, older)
    return older
  }

  return { find, insert }
}
