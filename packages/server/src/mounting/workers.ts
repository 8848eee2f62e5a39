import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Audit } from '../deps.ts'
import type { StartOptions } from '../start.ts'
import { WORKER_MS } from './end-in-time.ts'
import { openListener } from './listener.ts'

/** A worker that ended is replaced after this long; each further one that ends early doubles it. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
/** One that lived so long ended for a reason of its own: the pauses begin anew. */
const CALM_MS = 60_000

/** What each worker serves. It travels as JSON. */
export type WorkerOrder = Omit<StartOptions, 'secret' | 'log'>

/** What the primary tells a worker. */
export type PrimaryMessage =
  | { readonly kind: 'serve'; readonly order: WorkerOrder }
  | { readonly kind: 'close' }

/** What a worker serves under, once it does. */
export type Serving = { readonly issuer: string; readonly port: number; readonly hasUsers: boolean }

/** What a worker tells the primary, once: that it serves, or why it cannot, in words for people. */
export type WorkerMessage =
  | ({ readonly kind: 'ready' } & Serving)
  | { readonly kind: 'failed'; readonly text: string }

/** A worker could not start: its own words. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
}

/** How many workers run which program, and where their ends are recorded. */
type WorkersOptions = {
  readonly count: number
  readonly program: string
  readonly order: WorkerOrder
  readonly audit: Audit
  /** Milliseconds after which a worker that does not end is killed; default {@link WORKER_MS}. */
  readonly endMs?: number
}

/** What serves, in this process or in workers. */
export type Running = Serving & {
  /** Lets requests end; resolves when all have, and throws where a worker ended badly. */
  close(): Promise<void>
}

/**
 * Starts processes that listen on one port, and resolves when all of them serve; from then on one that ends is
 * replaced. Throws ConfigError where the port is taken, and WorkerError with what the first worker that could not
 * start said, after the others have ended.
 *
 * Each takes its connections itself (SO_REUSEPORT), and nothing of a request passes the primary. Tried with 32 kept
 * connections on two workers: the fuller one had 18 on average, of a listening socket that they inherit
 * (SCHED_NONE) 26, and all 32 in three trials of ten. Handed on by the primary (SCHED_RR) it was 21, a connection
 * cost 0.1 ms more, and one on its way to a worker that is killed hangs for good, for the primary holds its other end.
 */
export async function startWorkers(options: WorkersOptions): Promise<Running> {
  cluster.setupPrimary({ exec: options.program, args: [] })
  const port = await findPort(options.order)
  const workers = new Workers({ ...options, order: { ...options.order, port, shared: true } })
  const serving = await workers.start(options.count)
  return { ...serving, close: () => workers.close() }
}

/**
 * The port that workers will share, found by opening it alone: theirs would share it with another server too,
 * without a word.
 */
async function findPort({ host = null, port = 4000 }: WorkerOrder): Promise<number> {
  const listener = await openListener({ host, port })
  await listener.close()
  return listener.port
}

/** Milliseconds to wait before a worker is replaced, after so many ended early in a row. */
export function pauseBefore(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
}

type Forked = {
  readonly worker: Worker
  readonly at: number
  /** The first thing it says; never where it ends without a word. */
  readonly said: Promise<WorkerMessage>
  /** How it ended: the signal, or `code` and the exit code. */
  readonly ended: Promise<string>
}

const WELL = 'code 0'

class Workers {
  readonly #order: WorkerOrder
  readonly #audit: Audit
  readonly #endMs: number
  readonly #live = new Set<Forked>()
  readonly #closing = new AbortController()

  constructor({ order, audit, endMs = WORKER_MS }: WorkersOptions) {
    this.#order = order
    this.#audit = audit
    this.#endMs = endMs
  }

  async start(count: number): Promise<Serving> {
    const first = Array.from({ length: count }, () => this.#fork())
    try {
      const [serving] = await Promise.all(first.map(readiness))
      if (serving === undefined) throw new WorkerError('There must be a worker.')
      for (const forked of first) void this.#keep(forked)
      return serving
    } catch (cause) {
      await this.close().catch(() => undefined)
      throw cause
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const live = [...this.#live]
    for (const { worker } of live) tell(worker, { kind: 'close' })
    const stuck = setTimeout(() => {
      for (const { worker } of this.#live) worker.process.kill('SIGKILL')
    }, this.#endMs)
    const ends = await Promise.all(live.map(async (forked) => ({ forked, exit: await forked.ended })))
    clearTimeout(stuck)
    const badly = ends.filter(({ exit }) => exit !== WELL)
    for (const { forked, exit } of badly) this.#recordEnd(forked, exit)
    const [first] = badly
    if (first !== undefined) throw new WorkerError(`A worker ended badly (${first.exit}).`)
  }

  #recordEnd({ worker }: Forked, exit: string): void {
    this.#audit.record({ event: 'worker.ended', pid: String(worker.process.pid), exit })
  }

  #fork(): Forked {
    const worker = cluster.fork()
    const forked = { worker, at: performance.now(), said: firstWord(worker), ended: end(worker) }
    this.#live.add(forked)
    void forked.ended.then(() => this.#live.delete(forked))
    tell(worker, { kind: 'serve', order: this.#order })
    return forked
  }

  /** Replaces a worker whenever it ends, ever more slowly where that happens again and again. */
  async #keep(first: Forked): Promise<void> {
    let failures = 0
    for (let forked = first; ; forked = this.#fork()) {
      if (forked !== first) void forked.said.then((message) => this.#recordFailure(message))
      const exit = await forked.ended
      if (this.#closing.signal.aborted) return
      this.#recordEnd(forked, exit)
      failures = performance.now() - forked.at < CALM_MS ? failures + 1 : 1
      await sleep(pauseBefore(failures), null, { signal: this.#closing.signal }).catch(() => undefined)
      if (this.#closing.signal.aborted) return
    }
  }

  #recordFailure(message: WorkerMessage): void {
    if (message.kind === 'failed') this.#audit.fault(null, new WorkerError(message.text))
  }
}

async function readiness({ said, ended }: Forked): Promise<Serving> {
  const message = await Promise.race([said, ended])
  if (typeof message === 'string')
    throw new WorkerError(`A worker ended before it served (${message}). Try again.`)
  if (message.kind === 'failed') throw new WorkerError(message.text)
  const { issuer, port, hasUsers } = message
  return { issuer, port, hasUsers }
}

function firstWord(worker: Worker): Promise<WorkerMessage> {
  return new Promise((resolve) => worker.once('message', (message: WorkerMessage) => resolve(message)))
}

function end(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once('exit', (code: number | null, signal: string | null) => resolve(signal ?? `code ${code}`))
    // One that could not even be forked never exits.
    worker.on('error', (cause: Error) => resolve(cause.message))
  })
}

/** A worker that is gone hears nothing; its end is noticed elsewhere. */
function tell(worker: Worker, message: PrimaryMessage): void {
  worker.send(message, () => undefined)
}
