import type { ConfigInput } from './config/schema.ts'
import type { Doorward } from './doorward.ts'
import { createDoorward, type Surroundings } from './main.ts'
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
  /** Lets requests end, then closes everything. */
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
    return running(await openServer(options, listener.port), listener)
  } catch (cause) {
    await listener.close()
    throw cause
  }
}

async function startSharing(options: StartOptions): Promise<RunningServer> {
  const place = placeOf(options)
  const auth = await openServer(options, place.port)
  try {
    return running(auth, await openListener(place))
  } catch (cause) {
    await auth.close()
    throw cause
  }
}

function placeOf({ host = null, port = 4000, shared }: StartOptions): ListenOptions {
  return { host, port, shared }
}

function openServer(options: StartOptions, ownPort: number): Promise<Doorward> {
  const { host: _host, port: _port, shared: _shared, issuer, config, ...surroundings } = options
  return createDoorward({ ...config, ...surroundings, issuer: issuer ?? `http://localhost:${ownPort}` })
}

function running(auth: Doorward, listener: Listener): RunningServer {
  listener.serve((request, { peer, body }) =>
    auth.fetch(request, body === undefined ? { remoteAddress: peer } : { remoteAddress: peer, body }),
  )
  const close = async () => {
    await listener.close()
    await auth.close()
  }
  return { auth, port: listener.port, close }
}
