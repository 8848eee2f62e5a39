import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.ts'
import { createDatabase, expectNoDeadlock } from './postgres.ts'
import { doorwardBin, type Finished, type Running, run, start } from './process.ts'
import { type Seed, seedInto } from './seed.ts'

export { freshPassword, type RegisteredClient, type TestUser } from './seed.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

/** For `describe.each`: what holds on one database holds on the other. */
export const databases: readonly DatabaseKind[] = ['sqlite', 'postgres']

export type StartOptions = {
  readonly database: DatabaseKind
  /** Settings as in a `--config` file. */
  readonly config?: Readonly<Record<string, unknown>>
  /** An issuer that is not where the server listens, as behind a proxy. */
  readonly issuer?: string
  /** More flags for `start`. */
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export type Doorward = Seed & {
  /** The issuer, and the base of every URL. */
  readonly issuer: string
  readonly data: string
  /** The PostgreSQL database, where it has one. */
  readonly databaseUrl: string | null
  /** Where its program endpoints are asked: the issuer, but for a further node. */
  readonly origin: string
  readonly process: Running
  /** Runs a command of the real CLI against this server's database. */
  cli(args: readonly string[], input?: string): Promise<Finished>
  /** The same with `--json`; throws unless it exits 0, and answers the document. */
  json(args: readonly string[], input?: string): Promise<Record<string, unknown>>
  /** Ends the process with `signal` (SIGTERM) and starts it anew on the same data and port, behind `wrapper`. */
  restart(signal?: NodeJS.Signals, wrapper?: readonly string[]): Promise<void>
  /** Drains the server, and removes its data. */
  stop(): Promise<void>
}

type Place = {
  readonly data: string
  readonly databaseUrl: string | null
  readonly flags: readonly string[]
  remove(): Promise<void>
}

const makePlace = async (kind: DatabaseKind): Promise<Place> => {
  const data = await mkdtemp(join(tmpdir(), 'doorward-test-'))
  const removeFolder = () => rm(data, { recursive: true, force: true })
  if (kind === 'sqlite') return { data, databaseUrl: null, flags: ['--data', data], remove: removeFolder }
  const database = await createDatabase()
  const remove = async () => {
    await database.drop()
    await removeFolder()
  }
  return { data, databaseUrl: database.url, flags: ['--database-url', database.url], remove }
}

type Launch = {
  readonly place: Place
  readonly env: Readonly<Record<string, string>> & { readonly DOORWARD_SECRET: string }
  readonly flags: readonly string[]
}

type Launched = { readonly issuer: string; readonly running: Running }

const launch = async (how: Launch, port: string, wrapper: readonly string[] = []): Promise<Launched> => {
  const { place, env, flags } = how
  const doorward = [process.execPath, doorwardBin, 'start', '--port', port, ...place.flags, ...flags]
  const [command = '', ...args] = [...wrapper, ...doorward]
  const running = start(command, args, { env, cwd: place.data })
  const ready = await running.line(/Doorward is ready at (\S+)/)
  return { running, issuer: ready[1] ?? '' }
}

type Commands = Seed & Pick<Doorward, 'cli' | 'json'>

const commandsOn = ({ place, env }: Launch): Commands => {
  const cli: Doorward['cli'] = (args, input = '') =>
    run(process.execPath, [doorwardBin, ...args, ...place.flags], { env, input, cwd: place.data })
  const json: Doorward['json'] = async (args, input) => {
    const { code, stdout, stderr } = await cli([...args, '--json'], input)
    if (code !== 0) throw new Error(`doorward ${args.join(' ')} exited with ${code}: ${stderr}`)
    return JSON.parse(stdout)
  }
  const database = place.databaseUrl ?? place.data
  return { cli, json, ...seedInto({ database, secret: env.DOORWARD_SECRET }) }
}

const launches = new WeakMap<Doorward, Launch>()

/** Starts the real server as a child process on a free port, on a database of its own. */
export const startDoorward = async (options: StartOptions): Promise<Doorward> => {
  const place = await makePlace(options.database)
  // Under npm the server also ends with its parent, so a killed test run leaves none behind.
  const env = { npm_command: 'test', DOORWARD_SECRET: randomBytes(32).toString('base64url'), ...options.env }
  const configFile = join(place.data, 'test-config.json')
  await writeFile(configFile, JSON.stringify(options.config ?? {}))
  const ownIssuer = options.issuer === undefined ? [] : ['--issuer', options.issuer]
  const how: Launch = { place, env, flags: ['--config', configFile, ...ownIssuer, ...(options.flags ?? [])] }
  const port = options.issuer === undefined ? '0' : String(await freePort())
  let current = await launch(how, port).catch(async (error) => {
    await place.remove()
    throw error
  })
  const origin = options.issuer === undefined ? current.issuer : `http://127.0.0.1:${port}`
  const server: Doorward = {
    ...commandsOn(how),
    issuer: current.issuer,
    origin,
    data: place.data,
    databaseUrl: place.databaseUrl,
    get process() {
      return current.running
    },
    restart: async (signal = 'SIGTERM', wrapper = []) => {
      await current.running.end(signal)
      current = await launch(how, new URL(origin).port, wrapper)
    },
    stop: async () => {
      await current.running.end('SIGTERM')
      if (place.databaseUrl !== null) await expectNoDeadlock(place.databaseUrl)
      await place.remove()
    },
  }
  launches.set(server, how)
  return server
}

/** One more process over the database of `first`, with its issuer, on a port of its own. */
export const startNode = async (first: Doorward): Promise<Doorward> => {
  const how = launches.get(first)
  if (how === undefined) throw new Error('Only a server that startDoorward made has nodes')
  const port = String(await freePort())
  const { running } = await launch({ ...how, flags: [...how.flags, '--issuer', first.issuer] }, port)
  return {
    ...first,
    origin: `http://127.0.0.1:${port}`,
    process: running,
    restart: () => Promise.reject(new Error('A further node is stopped, not restarted')),
    stop: async () => {
      await running.end('SIGTERM')
    },
  }
}
