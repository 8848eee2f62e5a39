import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Installed, readInstalled } from './installed.ts'
import { judge, LIMITS, sizeTable } from './limits.ts'

/** `npm run size`: packs the packages, installs each as its users would, and prints what came along. */

const root = fileURLToPath(new URL('../..', import.meta.url))

type Manifest = {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))

const manifests: ReadonlyMap<string, Manifest> = new Map(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces.map((folder: string) => {
    const manifest = readManifest(folder)
    return [manifest.name, manifest]
  }),
)

/** npm's talk goes to stderr: stdout is the answer's. */
const npm = (cwd: string, ...args: readonly string[]): void => {
  execFileSync('npm', args, { cwd, stdio: ['ignore', process.stderr, process.stderr] })
}

/** The package and those of ours that it needs, which no registry has yet. */
const tarballsOf = (name: string): readonly string[] => {
  const manifest = manifests.get(name)
  if (manifest === undefined) return []
  const file = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
  return [join(root, 'packed', file), ...Object.keys(manifest.dependencies ?? {}).flatMap(tarballsOf)]
}

const install = (name: string): Installed => {
  const project = mkdtempSync(join(tmpdir(), 'doorward-size-'))
  try {
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }')
    npm(project, 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballsOf(name))
    return readInstalled(join(project, 'node_modules'))
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

npm(root, 'run', 'pack')
const verdicts = LIMITS.map((limit) => judge(install(limit.name), limit))
console.log(process.argv.includes('--json') ? JSON.stringify(verdicts, null, 2) : sizeTable(verdicts))
if (verdicts.some(({ within }) => !within)) process.exitCode = 1
