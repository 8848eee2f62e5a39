import { extname, join } from 'node:path'
import type { Command } from 'commander'
import { hostPortProblem, networkProblem } from '../../config/addresses.ts'
import { issuerProblem } from '../../config/issuer.ts'
import type { Config } from '../../config/schema.ts'
import type { Running, Serving, WorkerOrder } from '../../mounting/workers.ts'
import {
  type DatabaseOptions,
  DEFAULT_DATA,
  databaseOf,
  wantsJson,
  withCommonOptions,
} from '../common-flags.ts'
import { examples } from '../database-command.ts'
import { print } from '../output.ts'
import { checked, collectChecked, parsePort, parseWorkers } from '../values.ts'

type StartFlags = {
  readonly host?: string
  readonly port: number
  readonly issuer?: string
  readonly config?: string
  readonly trustProxy?: readonly string[]
  readonly allowPrivateHost?: readonly string[]
  readonly workers: number
}

type Order = WorkerOrder & { readonly config: Omit<Config, 'issuer'> }

/** `doorward start` */
export function startCommand(program: Command): void {
  const start = program
    .command('start')
    .description(
      'serve: sign-in, tokens, keys; ends on SIGTERM after the requests under way, within 20 seconds (25 with workers)',
    )
    .option('--host <address>', 'listen here instead of 127.0.0.1 and ::1')
    .option('--port <port>', 'listen on this port; 0 takes a free one', parsePort, 4000)
    .option(
      '--issuer <url>',
      'the URL that clients know (default: http://localhost:<port>)',
      checked(issuerProblem),
    )
    .option('--config <file>', 'settings, .json, .ts, .mjs or .js')
    .option(
      '--trust-proxy <cidr>',
      'believe X-Forwarded-For from here; may be repeated',
      collectChecked(networkProblem),
    )
    .option(
      '--allow-private-host <host:port>',
      'outgoing calls may reach this private address; may be repeated',
      collectChecked(hostPortProblem),
    )
    .option(
      '--workers <count>',
      'processes that serve on the port, over PostgreSQL; auto is one for each core',
      parseWorkers,
      1,
    )
  withCommonOptions(start).action(() => serve(start.opts(), databaseOf(start), wantsJson(start)))
  examples(start, [
    'start',
    'start --port 4000 --issuer https://id.example.com --trust-proxy 127.0.0.1',
    'start --database-url postgres://doorward@db.example.com/doorward --issuer https://id.example.com',
    'start --database-url postgres://doorward@db.example.com/doorward --workers auto',
  ])
}

async function serve(flags: StartFlags, place: DatabaseOptions, json: boolean): Promise<void> {
  const [{ onShutdown }, { PRIMARY_MS, SHUTDOWN_MS }, { databaseChoice }] = await Promise.all([
    import('../../mounting/shutdown.ts'),
    import('../../mounting/end-in-time.ts'),
    import('../workplace.ts'),
  ])
  const { issuer, ...config } = await readSettings(flags)
  const database = databaseChoice(place)
  const order = { database, host: flags.host ?? null, port: flags.port, issuer, config }
  const workers = workersOver(place, flags.workers)
  const running = open(order, workers)
  // A signal that comes while it starts is kept until it can be closed; a failed start has nothing to close.
  const close = () =>
    running.then(
      (server) => server.close(),
      () => undefined,
    )
  onShutdown(close, workers === 1 ? SHUTDOWN_MS : PRIMARY_MS)
  announce(await running, place, json)
}

/** How many of the workers asked for the database has use for. */
function workersOver({ databaseUrl }: DatabaseOptions, asked: number): number {
  if (databaseUrl !== null || asked === 1) return asked
  process.stderr.write(
    `One process serves, not ${asked}: one process owns the embedded database's commits, and puts those that arrive\n` +
      'together on disk at once; several would only wait for each other. For more use --database-url postgres://…\n',
  )
  return 1
}

async function open(order: Order, workers: number): Promise<Running> {
  if (workers === 1) return (await import('../serving.ts')).serveHere(order)
  const [{ startWorkers }, { createAudit }, { hashesAtOnce }] = await Promise.all([
    import('../../mounting/workers.ts'),
    import('../../audit/log.ts'),
    import('../../identity/passwords.ts'),
  ])
  const { passwordHash } = order.config
  const concurrency = passwordHash.concurrency ?? hashesAtOnce(workers)
  const shared = { ...order, config: { ...order.config, passwordHash: { ...passwordHash, concurrency } } }
  const audit = createAudit(null)
  const running = await startWorkers({ count: workers, program: workerProgram(), order: shared, audit })
  const close = async () => {
    try {
      await running.close()
    } finally {
      audit.flush()
    }
  }
  return { ...running, close }
}

/** A source beside this source, or a built file beside this built file. */
function workerProgram(): string {
  return join(import.meta.dirname, '..', `worker${extname(import.meta.filename)}`)
}

/** The file's settings with the flags above them. The issuer is undefined where nobody names one: the port decides. */
async function readSettings(flags: StartFlags) {
  const [{ loadConfigFile }, { parseConfig }] = await Promise.all([
    import('../../config/load.ts'),
    import('../../config/parse.ts'),
  ])
  const file = flags.config === undefined ? {} : await loadConfigFile(flags.config)
  const { issuer = file.issuer, trustProxy, allowPrivateHost } = flags
  const config = parseConfig({
    ...file,
    issuer: issuer ?? `http://localhost`,
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(allowPrivateHost === undefined ? {} : { allowPrivateHosts: allowPrivateHost }),
  })
  return { ...config, issuer: issuer === undefined ? undefined : config.issuer }
}

function announce({ issuer, port, hasUsers }: Serving, place: DatabaseOptions, json: boolean): void {
  const ready = `Doorward is ready at ${issuer}`
  const text = hasUsers ? ready : `${ready}\n${firstUserHint(place)}`
  print({ json: { issuer, port }, text }, json)
}

function firstUserHint({ data, databaseUrl }: DatabaseOptions): string {
  const folder = databaseUrl === null && data !== null && data !== DEFAULT_DATA ? ` --data ${data}` : ''
  const url = databaseUrl === null ? '' : ' --database-url …'
  return `There are no users yet. Make the first:
  npx doorward users create --email you@example.com --password-stdin${folder}${url}`
}
