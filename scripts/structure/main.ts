import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkCircles, checkDirection, type Violation } from './direction.ts'
import {
  checkDependencies,
  checkLengths,
  checkNames,
  checkPurity,
  checkReadmes,
  type SourceFile,
} from './files.ts'
import { importsOf } from './imports.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const skipped = new Set(['node_modules', 'dist', 'coverage'])

/** The repository's own texts: nothing installed, built or hidden. */
const readFiles = (folder = ''): readonly SourceFile[] =>
  readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name
    if (entry.isDirectory()) {
      return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : readFiles(`${path}/`)
    }
    return /\.(?:ts|js|md)$/.test(path) ? [{ path, text: readFileSync(`${root}/${path}`, 'utf8') }] : []
  })

type Manifest = {
  readonly name: string
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const readManifest = (folder: string) => JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8'))

const readManifests = (): ReadonlyMap<string, Manifest> => {
  const { workspaces } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  return new Map(workspaces.map((folder: string) => [folder, readManifest(folder)]))
}

const entriesOf = (manifests: ReadonlyMap<string, Manifest>): ReadonlyMap<string, string> =>
  new Map(
    [...manifests].flatMap(([folder, { name, exports }]) =>
      Object.entries(exports).map(([key, conditions]) => [
        name + key.slice(1),
        `${folder}/${(conditions['@doorward/source'] ?? '').replace(/^\.\//, '')}`,
      ]),
    ),
  )

const files = readFiles()
const manifests = readManifests()
const entries = entriesOf(manifests)
const imports = files
  .filter(({ path }) => /^(?:packages|tests|examples|scripts|benchmarks)\/.*\.(?:ts|js)$/.test(path))
  .flatMap(({ path, text }) => importsOf(path, text, entries))
const dependencies = new Map(
  [...manifests, ['benchmarks', readManifest('benchmarks') as Manifest] as const].map(
    ([folder, manifest]) => [
      folder,
      new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })),
    ],
  ),
)

const violations: readonly Violation[] = [
  ...checkDirection(imports),
  ...checkCircles(imports),
  ...checkDependencies(imports, dependencies),
  ...checkLengths(files),
  ...checkReadmes(files),
  ...checkNames(files),
  ...checkPurity(files),
]

for (const { path, rule, detail } of violations) console.error(`${path}: ${detail}\n  rule: ${rule}`)
if (violations.length > 0) {
  console.error(`\nThe structure breaks ${violations.length} rule(s); CONTRIBUTING.md explains them.`)
  process.exit(1)
}
console.log(`Structure: ${files.length} files, ${imports.length} imports, no violation.`)
