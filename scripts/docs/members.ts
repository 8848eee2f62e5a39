import { readFileSync } from 'node:fs'

/** A member of a type, and what its comment says. */
export type Member = {
  readonly name: string
  readonly optional: boolean
  /** Its declaration, as far as it stands in one line. */
  readonly written: string
  readonly says: string
}

/**
 * The members of an exported object type, in their order; `path` is the file's, below packages/. Throws where a member has
 * no comment: it would be missing from the page without a word.
 */
export function membersOf(path: string, type: string): readonly Member[] {
  const source = readFileSync(new URL(`../../packages/${path}`, import.meta.url), 'utf8')
  const [, body] = new RegExp(`export type ${type} = [^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(source) ?? []
  if (body === undefined) throw new Error(`${path} has no type ${type}.`)
  // Members stand two spaces in; what is further in belongs to the type of one.
  const found = `${body}\n`.matchAll(
    /(?:^ {2}\/\*\*([^\0]*?)\*\/\n)?^ {2}(?:readonly )?((\w+)(\??)[:(].*)$/gm,
  )
  return [...found].map(([, comment, written = '', name = '', mark]) => {
    if (comment === undefined) throw new Error(`${path}: ${type}.${name} has no comment.`)
    return { name, optional: mark === '?', written, says: sentences(comment) }
  })
}

function sentences(comment: string): string {
  return comment
    .replace(/\s*\n\s*\*\s*/g, ' ')
    .trim()
    .replaceAll('|', '\\|')
}
