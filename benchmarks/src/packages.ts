import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError, ROOT } from './machine.ts'

const FOLDER = join(ROOT, 'benchmarks')
const STAMP = join(FOLDER, 'node_modules/.installed-lockfile')

/** Builds Doorward's packages where their sources are newer: it runs as published, from `dist`. */
export function buildPackages(say: (doing: string) => void): void {
  const folders = ['core', 'guard', 'client', 'server'].map((name) => join(ROOT, 'packages', name))
  const fresh = folders.every((folder) => {
    const built = join(folder, 'dist/index.js')
    return existsSync(built) && newest(join(folder, 'src')) <= statSync(built).mtimeMs
  })
  if (fresh) return
  say('building the packages')
  run('npm', ['run', 'build'], ROOT)
}

/** Installs the peers where they are missing, or of another lockfile. */
export function installPeers(say: (doing: string) => void): void {
  const lock = createHash('sha256')
    .update(readFileSync(join(FOLDER, 'package-lock.json')))
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return
  say('installing the peers')
  run('npm', ['ci', '--prefix', FOLDER], FOLDER)
  writeFileSync(STAMP, lock)
}

/** The version of an installed peer, or of Doorward itself; null where the name is no package. */
export function versionOf(name: string): string | null {
  const manifest =
    name === 'Doorward'
      ? join(ROOT, 'packages/server/package.json')
      : join(FOLDER, 'node_modules', name, 'package.json')
  if (!existsSync(manifest)) return null
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }
  return typeof version === 'string' ? version : null
}

/** When anything in a folder last changed, in milliseconds; its subfolders tell of what was removed. */
function newest(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(statSync(folder).mtimeMs, ...entries.map((path) => statSync(join(folder, path)).mtimeMs))
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new MachineError(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}
