import type { ConfigInput } from './config/schema.ts'
import type { Doorward } from './doorward.ts'
import { openServer, type Surroundings } from './main.ts'
import { type ListenOptions, openListener } from './mounting/listener.ts'

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
 * Opens the port first, since the issuer may name it, and serves when all is ready. Throws ConfigError and
 * StorageError.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { host = null, port = 4000, issuer, config, ...surroundings } = options
  const listener = await openListener({ host, port })
  try {
    const ownIssuer = issuer ?? `http://localhost:${listener.port}`
    const { auth, app } = await openServer({ ...config, ...surroundings, issuer: ownIssuer })
    listener.serve(app)
    const close = async () => {
      await listener.close()
      await auth.close()
    }
    return { auth, port: listener.port, close }
  } catch (cause) {
    await listener.close()
    throw cause
  }
}
