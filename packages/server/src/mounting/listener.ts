import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '../config/errors.ts'
import { DRAIN_MS } from './end-in-time.ts'
import type { Mountable } from './fetch.ts'
import { nodeHandler } from './node.ts'

/** Both loopback addresses: `localhost` means either, by the machine's taste. */
const LOOPBACK = ['127.0.0.1', '::1'] as const
/** A client that sends its headers slower than this is holding a connection open (slow loris). */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
/** Longer than the 60 seconds after which common load balancers drop an idle connection, so that they do it first. */
const KEEP_ALIVE_MS = 75_000
/** A free port on 127.0.0.1 may be taken on ::1; another is tried. */
const PORT_ATTEMPTS = 20

/**
 * Where several processes may listen on one port, and the kernel spreads the connections (SO_REUSEPORT). Elsewhere
 * node:cluster has its primary take them and hand them on.
 */
const SPREADING = ['linux', 'freebsd', 'aix', 'sunos']

/** An open port. */
export type Listener = {
  readonly port: number
  /** Begins to answer; requests that came before have waited. */
  serve(server: Pick<Mountable, 'answer'>): void
  /** Takes no more connections, lets requests end, and answers how many connections were cut off because theirs had not in time. */
  close(): Promise<number>
}

/** Where to listen, and what answers. */
export type ListenOptions = {
  /** null: both loopback addresses. */
  readonly host: string | null
  /** 0: a free one. */
  readonly port: number
  /** True where other workers of the same `doorward start` listen on it too. */
  readonly shared?: boolean | undefined
  /** Milliseconds that requests under way are given when it closes; default {@link DRAIN_MS}. */
  readonly drainMs?: number
}

/** Opens the port. Throws ConfigError where it is taken, forbidden, or the host is not this machine's. */
export async function openListener(options: ListenOptions): Promise<Listener> {
  const waiting: [IncomingMessage, ServerResponse][] = []
  let serves = false
  let handle = (request: IncomingMessage, response: ServerResponse): void => {
    waiting.push([request, response])
  }
  const servers = await openServers(options, (request, response) => handle(request, response))
  return {
    port: portOf(servers[0]),
    serve(server) {
      const answer = nodeHandler(server)
      serves = true
      // An answer that cannot be written is cut off; the process goes on.
      handle = (request, response) => void answer(request, response).catch(() => response.destroy())
      for (const [request, response] of waiting.splice(0)) handle(request, response)
    },
    close: async () => {
      // What still waits will never be answered; drained, it would hold the port until it is cut off.
      if (!serves) handle = (request) => void request.destroy()
      for (const [request] of waiting.splice(0)) request.destroy()
      const cutOff = await Promise.all(servers.map((server) => drain(server, options.drainMs)))
      return cutOff.reduce((sum, count) => sum + count, 0)
    },
  }
}

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void

async function openServers(
  { host, port, shared = false }: ListenOptions,
  onRequest: OnRequest,
): Promise<[Server, ...Server[]]> {
  if (host !== null) return [await open({ host, port, shared }, onRequest)]
  for (let attempt = 1; ; attempt += 1) {
    const first = await open({ host: LOOPBACK[0], port, shared }, onRequest)
    try {
      return [first, await open({ host: LOOPBACK[1], port: portOf(first), shared }, onRequest)]
    } catch (cause) {
      const code = causeCode(cause)
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [first]
      await drain(first)
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === PORT_ATTEMPTS) throw cause
    }
  }
}

type Place = { readonly host: string; readonly port: number; readonly shared: boolean }

function open({ host, port, shared }: Place, onRequest: OnRequest): Promise<Server> {
  const options = {
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
  }
  const server = createServer(options, onRequest)
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(explain(cause, host, port)))
    const reusePort = shared && SPREADING.includes(process.platform)
    server.listen({ host, port, reusePort }, () => {
      // From here on it is one connection that could not be taken, for want of file descriptors: others can.
      server.removeAllListeners('error').on('error', (cause) => process.emitWarning(cause))
      resolve(server)
    })
  })
}

function explain(cause: Error, host: string, port: number): ConfigError {
  const code = 'code' in cause ? cause.code : null
  if (code === 'EADDRINUSE') {
    return new ConfigError(
      '--port',
      `Port ${port} on ${host} is taken. Stop what listens there, or choose another with --port.`,
      { cause },
    )
  }
  if (code === 'EACCES') {
    return new ConfigError(
      '--port',
      `Port ${port} needs rights this process does not have. Choose one above 1023 with --port.`,
      { cause },
    )
  }
  return new ConfigError(
    '--host',
    `${host} cannot be listened on. Choose an address of this machine with --host.`,
    { cause },
  )
}

function causeCode(thrown: unknown): unknown {
  const cause = thrown instanceof ConfigError ? thrown.cause : thrown
  return cause instanceof Error && 'code' in cause ? cause.code : null
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Answers how many connections had to be cut off. */
function drain(server: Server, drainMs = DRAIN_MS): Promise<number> {
  let cutOff = 0
  return new Promise((resolve) => {
    // A connection kept alive would take the next request; told to close, its client opens a new one elsewhere.
    server.prependListener('request', (_request, response: ServerResponse) =>
      response.setHeader('Connection', 'close'),
    )
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    const late = setTimeout(() => {
      server.getConnections((_error, count) => {
        cutOff = count ?? 0
        server.closeAllConnections()
      })
    }, drainMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(late)
      resolve(cutOff)
    })
  })
}
