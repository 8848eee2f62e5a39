import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { doorwardCommand } from '../doorward/command-line.ts'
import { startServerProcess } from '../server-process.ts'
import { ISSUER, type Store, seededStore } from './store.ts'

const MILLION = 1_000_000
/** So few that the rows which are asked for fit into the page cache of the database. */
const FEW = 5_000

/** Seconds between sweeps. */
const SWEEP_SECONDS = {
  /** Nothing is swept while it is measured: what has expired is what makes the store large. */
  never: 86_400,
  /** With millions of rows to remove, it does not come to an end. */
  always: 1,
} as const

/** What is asked of both stores: the load, what it is made from, and one answer to look at. */
export type Work = (store: Store, url: string, folder: string) => Promise<Omit<Running, 'pids' | 'stop'>>

/** The same work in a store of a million users and ten million refresh tokens, and in a small one. */
export const inLargeStore = (work: Work): Contender => ({
  name: 'Doorward',
  kind: 'doorward',
  note: '`doorward start` on an embedded database of 1 million users, 2 million families and 10 million refresh tokens, nine in ten expired and none swept.',
  start: async (cpu) => startOn(await largeStore(), work, cpu),
})

/** See {@link inLargeStore}. */
export const inSmallStore = (work: Work): Contender => ({
  name: 'small store',
  kind: 'baseline',
  note: 'The same server and the same kind of rows: 5,000 users and 50,000 refresh tokens.',
  start: async (cpu) => startOn(await seededStore(FEW), work, cpu),
})

/** The store of a million users. */
export const largeStore = (): Promise<Store> => seededStore(MILLION)

/** Serves a store. */
export async function startOn(
  store: Store,
  work: Work,
  cpu: number,
  sweep: keyof typeof SWEEP_SECONDS = 'never',
): Promise<Running> {
  const folder = temporaryFolder('growth')
  const config = join(folder.path, 'config.json')
  writeFileSync(config, JSON.stringify({ sweep: { intervalSeconds: SWEEP_SECONDS[sweep] } }))
  const place = { flags: ['--data', store.dataDir], env: {}, remove: async () => {} }
  const flags = ['start', '--port', '0', '--issuer', ISSUER, '--config', config]
  const server = await startServerProcess({
    command: ['node', ...doorwardCommand(place, flags)],
    cpu,
    ready: /"port": ?(\d+)/,
  })
  const stop = async () => {
    await server.stop()
    folder.remove()
  }
  try {
    const running = await work(store, `http://localhost:${server.match[1]}`, folder.path)
    return { ...running, pids: [server.pid], stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}
