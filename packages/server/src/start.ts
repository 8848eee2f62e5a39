import type { ConfigInput } from './config/schema.ts'
import type { Doorward } from './doorward.ts'
import { type OpenServer, openServer, type Surroundings } from './main.ts'
import { type Listener, type ListenOptions, openListener } from './mounting/listener.ts'

/** How the server is started. */
export type StartOptions = Surroundings &
  Partial<ListenOptions> & {
    /** Default: `http://localhost:<port>`. */
    readonly issuer?: string | undefined
    /** The other settings. */
    readonly config?: Omit<ConfigInput, 'issuer'>
  }

/** A server that listens. */
export type RunningServer = {
  readonly auth: Doorward
  readonly port: number
  /** Lets requests end, then closes everything. Throws ShutdownError where something did not end in time. */
  close(): Promise<void>
}

/**
 * Opens the port first, since the issuer may name it, and serves when all is ready. A shared port is known, and
 * opened last: the others answer meanwhile. Throws ConfigError and StorageError.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  return options.shared === true ? startSharing(options) : startAlone(options)
}

async function startAlone(options: StartOptions): Promise<RunningServer> {
  const listener = await openListener(placeOf(options))
  try {
    return running(await openBehind(options, listener.port), listener)
  } catch (cause) {
    await listener.close()
    throw cause
  }
}

async function startSharing(options: StartOptions): Promise<RunningServer> {
  const place = placeOf(options)
  const server = await openBehind(options, place.port)
  try {
    return running(server, await openListener(place))
  } catch (cause) {
    await server.auth.close()
    throw cause
  }
}

function placeOf({ host = null, port = 4000, shared, drainMs }: StartOptions): ListenOptions {
  return { host, port, shared, ...(drainMs === undefined ? {} : { drainMs }) }
}

function openBehind(options: StartOptions, ownPort: number): Promise<OpenServer> {
  const { database, secret, log, issuer, config } = options
  return openServer({ ...config, database, secret, log, issuer: issuer ?? `http://localhost:${ownPort}` })
}

function running({ auth, app, audit }: OpenServer, listener: Listener): RunningServer {
  listener.serve(app)
  const close = async () => {
    const cutOff = await listener.close()
    if (cutOff > 0) audit.record({ event: 'server.cut_off', what: 'connections', count: String(cutOff) })
    await auth.close()
  }
  return { auth, port: listener.port, close }
}
