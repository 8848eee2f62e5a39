import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  createPostgresPlace,
  createSqlitePlace,
  type Place,
} from '../../../packages/client/test/stores/place.ts'
import { createAgent } from '../../support/agent.ts'
import { freePort } from '../../support/port.ts'
import { type Running, start } from '../../support/process.ts'
import { type RotatingProvider, startRotatingProvider } from './rotating-provider.ts'
import type { AppSettings } from './token-app.ts'

/** Four processes of one app over one store. */
export type FourProcesses = {
  readonly place: Place
  readonly provider: RotatingProvider
  readonly apps: readonly { readonly origin: string; readonly process: Running }[]
  /** Signs somebody in; answers the browser's cookies. */
  signIn(): Promise<string>
  /** Everything that the store has on disk, or every row of it. */
  dump(): Promise<string>
  stop(): Promise<void>
}

type Kind = {
  readonly name: string
  readonly create: () => Promise<{
    readonly place: Place
    readonly database: AppSettings['database']
    readonly dump: () => Promise<string>
  }>
}

export const kinds: readonly Kind[] = [
  {
    name: 'SQLite',
    create: async () => {
      const place = await createSqlitePlace()
      const dump = async () => {
        const names = await readdir(place.folder)
        const files = await Promise.all(names.map((name) => readFile(join(place.folder, name), 'latin1')))
        return files.join('\n')
      }
      return { place, database: { file: place.file }, dump }
    },
  },
  {
    name: 'PostgreSQL',
    create: async () => {
      const place = await createPostgresPlace()
      const dump = async () => {
        const tables = ['sessions', 'vault', 'replays']
        const rows = await Promise.all(tables.map((table) => place.run(`SELECT * FROM doorward_${table}`)))
        return JSON.stringify(rows)
      }
      return { place, database: { databaseUrl: place.databaseUrl }, dump }
    },
  },
]

const program = fileURLToPath(new URL('token-app.ts', import.meta.url))

export const startFourProcesses = async (kind: Kind, graceSeconds: number): Promise<FourProcesses> => {
  const [{ place, database, dump }, provider] = await Promise.all([
    kind.create(),
    startRotatingProvider(graceSeconds),
  ])
  const port = await freePort()
  const shared = {
    baseUrl: `http://127.0.0.1:${port}`,
    secret: randomBytes(32).toString('base64url'),
    database,
    provider: provider.origin,
  }
  const apps = await Promise.all(
    [port, 0, 0, 0].map(async (own, index) => {
      const settings: AppSettings = { ...shared, port: own, process: String(index) }
      const child = start(process.execPath, [
        '--conditions=@doorward/source',
        program,
        JSON.stringify(settings),
      ])
      const [, origin = ''] = await child.line(/^Listening on (\S+)$/m)
      return { origin, process: child }
    }),
  )
  return {
    place,
    provider,
    apps,
    signIn: async () => {
      const agent = createAgent()
      const there = agent.location(await agent.request(`${shared.baseUrl}/login/rotating`)) ?? ''
      await agent.open(agent.location(await agent.request(there)) ?? '')
      return [...agent.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    },
    dump,
    stop: async () => {
      await Promise.all(apps.map((app) => app.process.end('SIGKILL')))
      await provider.stop()
      await place.remove()
    },
  }
}
