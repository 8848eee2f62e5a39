import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './machine.ts'

/** A folder that is gone when the benchmark ends, or earlier. */
export type TemporaryFolder = { readonly path: string; remove(): void }

/** In the clone and not in /tmp, which is often memory: a database that waits for its disk must have one. */
const PARENT = join(ROOT, '.tmp')

const folders = new Set<string>()
process.once('exit', () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

/** Makes an empty folder on the disk that the clone is on. */
export function temporaryFolder(purpose: string): TemporaryFolder {
  mkdirSync(PARENT, { recursive: true })
  const path = mkdtempSync(join(PARENT, `bench-${purpose}-`))
  folders.add(path)
  const remove = () => {
    rmSync(path, { recursive: true, force: true })
    folders.delete(path)
  }
  return { path, remove }
}
