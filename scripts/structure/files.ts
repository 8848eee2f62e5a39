import { posix } from 'node:path'
import type { Violation } from './direction.ts'
import { withoutComments } from './imports.ts'

/** A file of the repository: its path from the root, and its text. */
export type SourceFile = { readonly path: string; readonly text: string }

const isCode = (path: string): boolean => /\.(?:ts|js)$/.test(path)
const isTest = (path: string): boolean => /(?:^|\/)tests?\//.test(path)
const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length

/** Sources of at most 300 lines, tests of at most 500. */
export const checkLengths = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(({ path }) => isCode(path))
    .flatMap(({ path, text }) => {
      const [most, lines] = [isTest(path) ? 500 : 300, lineCount(text)]
      if (lines <= most) return []
      return [{ path, rule: `at most ${most} lines a file`, detail: `has ${lines}: split it by RFC section` }]
    })

/** A folder with more than three files opens with a README of at most 15 lines. */
export const checkReadmes = (files: readonly SourceFile[]): readonly Violation[] => {
  const folders = Map.groupBy(
    files.filter(
      ({ path }) =>
        isCode(path) && /^(?:packages\/[^/]+\/(?:src|test)|tests|scripts|benchmarks\/src)\//.test(path),
    ),
    ({ path }) => posix.dirname(path),
  )
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  return [...folders].flatMap(([folder, inside]) => {
    // A package's src has its README one level up; package tests mirror the sources, whose READMEs speak for them.
    if (inside.length <= 3 || /^packages\/[^/]+\/(?:src$|test(?:\/|$))/.test(folder)) return []
    const readme = texts.get(`${folder}/README.md`)
    if (readme === undefined) {
      const detail = `has ${inside.length} files and no README.md: say what it owns, needs, never imports`
      return [{ path: folder, rule: 'a folder with more than three files has a README', detail }]
    }
    const lines = lineCount(readme)
    if (lines <= 15) return []
    return [
      { path: `${folder}/README.md`, rule: 'a folder README has at most 15 lines', detail: `has ${lines}` },
    ]
  })
}

/** Folder names that say nothing. */
export const checkNames = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(
      ({ path }) => /(?:^|\/)(?:helpers?|utils?|common|misc|lib)(?:\/|\.ts$)/.test(path) && isCode(path),
    )
    .map(({ path }) => ({
      path,
      rule: 'no helpers, utils, common or misc',
      detail: 'name it by stage or RFC noun',
    }))

const impure =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|(?<![.\w])fetch\(|\bprocess\.|\bconsole\.|\bsetTimeout\(|\bsetInterval\(/

/** Time, randomness and IO are arguments in core and in the server's policy. */
export const checkPurity = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(
      ({ path }) => /^packages\/(?:core\/src|server\/src\/(?:policy|pages))\//.test(path) && isCode(path),
    )
    .flatMap(({ path, text }) => {
      const found = withoutComments(text).match(impure)
      if (found === null) return []
      const rule = 'core, policy and pages are pure: no clock, randomness, environment or network'
      return [{ path, rule, detail: `uses ${found[0]}` }]
    })

/** What an installed package imports, its own package.json lists. */
export const checkDependencies = (
  imports: readonly { readonly from: string; readonly to: string; readonly typeOnly: boolean }[],
  dependencies: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Violation[] =>
  imports.flatMap(({ from, to, typeOnly }) => {
    const owner = from.match(/^(packages\/[^/]+|benchmarks)\/src\//)?.[1]
    if (owner === undefined || typeOnly || !to.startsWith('npm:')) return []
    if (dependencies.get(owner)?.has(to.slice(4)) === true) return []
    const detail = `imports ${to.slice(4)}, which ${owner}/package.json does not list`
    return [{ path: from, rule: 'a package lists what it imports', detail }]
  })
