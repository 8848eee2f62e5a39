import type { Command } from 'commander'
import { hostPortProblem, networkProblem } from '../../config/addresses.ts'
import { issuerProblem } from '../../config/issuer.ts'
import type { RunningServer } from '../../start.ts'
import {
  type DatabaseOptions,
  DEFAULT_DATA,
  databaseOf,
  wantsJson,
  withCommonOptions,
} from '../common-flags.ts'
import { examples } from '../database-command.ts'
import { print } from '../output.ts'
import { checked, collectChecked, parsePort } from '../values.ts'

type StartFlags = {
  readonly host?: string
  readonly port: number
  readonly issuer?: string
  readonly config?: string
  readonly trustProxy?: readonly string[]
  readonly allowPrivateHost?: readonly string[]
}

/** `doorward start` */
export function startCommand(program: Command): void {
  const start = program
    .command('start')
    .description('serve: sign-in, tokens, keys; ends on SIGTERM after the requests under way')
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
  withCommonOptions(start).action(() => serve(start.opts(), databaseOf(start), wantsJson(start)))
  examples(start, [
    'start',
    'start --port 4000 --issuer https://id.example.com --trust-proxy 127.0.0.1',
    'start --database-url postgres://doorward@db.example.com/doorward --issuer https://id.example.com',
  ])
}

async function serve(flags: StartFlags, place: DatabaseOptions, json: boolean): Promise<void> {
  const [{ startServer }, { onShutdown }, { databaseChoice }] = await Promise.all([
    import('../../start.ts'),
    import('../../mounting/shutdown.ts'),
    import('../workplace.ts'),
  ])
  const { issuer, ...config } = await readSettings(flags)
  const running = startServer({
    database: databaseChoice(place),
    host: flags.host ?? null,
    port: flags.port,
    issuer,
    config,
  })
  // A signal that comes while it starts is kept until it can be closed; a failed start has nothing to close.
  onShutdown(() =>
    running.then(
      (server) => server.close(),
      () => undefined,
    ),
  )
  await announce(await running, place, json)
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

async function announce({ auth, port }: RunningServer, place: DatabaseOptions, json: boolean): Promise<void> {
  const ready = `Doorward is ready at ${auth.issuer}`
  const [somebody] = await auth.users.list({ limit: 1 })
  const text = somebody === undefined ? `${ready}\n${firstUserHint(place)}` : ready
  print({ json: { issuer: auth.issuer, port }, text }, json)
}

function firstUserHint({ data, databaseUrl }: DatabaseOptions): string {
  const folder = databaseUrl === null && data !== null && data !== DEFAULT_DATA ? ` --data ${data}` : ''
  const url = databaseUrl === null ? '' : ' --database-url …'
  return `There are no users yet. Make the first:
  npx doorward users create --email you@example.com --password-stdin${folder}${url}`
}
