import { posix } from 'node:path'

/** One import statement: from which file, to which file or package. */
export type Import = {
  /** Path from the repository's root. */
  readonly from: string
  /** A path from the root, `node:…`, or `npm:` and the package's name. */
  readonly to: string
  /** `import type`: gone at run time. */
  readonly typeOnly: boolean
}

const statement =
  /(?:^|[;}\n])\s*(?:import|export)\s+(type\s+)?(?:[\w*$\s{},]+?\s+from\s*)?(['"])([^'"\n]+)\2/g
const dynamic = /\bimport\(\s*(['"])([^'"\n]+)\1/g

/** The text without comments; strings stay, so that addresses in them are no comments. */
export const withoutComments = (text: string): string =>
  text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (whole, string) => (string === undefined ? ' ' : whole),
  )

/** Entry files of the workspace's own packages, by import name. */
export type Entries = ReadonlyMap<string, string>

const resolve = (from: string, specifier: string, entries: Entries): string => {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), specifier))
  if (specifier.startsWith('node:')) return specifier
  const entry = entries.get(specifier)
  if (entry !== undefined) return entry
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1)
  return `npm:${name.join('/')}`
}

/** Every import, re-export and dynamic import of one file. */
export const importsOf = (path: string, text: string, entries: Entries): readonly Import[] => {
  const code = withoutComments(text)
  const stated = [...code.matchAll(statement)].map((match) => ({
    from: path,
    to: resolve(path, match[3] ?? '', entries),
    typeOnly: match[1] !== undefined,
  }))
  const called = [...code.matchAll(dynamic)].map((match) => ({
    from: path,
    to: resolve(path, match[2] ?? '', entries),
    typeOnly: false,
  }))
  return [...stated, ...called]
}
