import cluster from 'node:cluster'
import sonicBoom, { type SonicBoom } from 'sonic-boom'
import type { Audit } from '../deps.ts'
import { AUDIT_FIELDS, AUDIT_WARNINGS, type AuditEvent } from './events.ts'

/** Where log lines go: anything with `write(line)`, such as a stream. */
export type LogDestination = { write(line: string): unknown }

/** The log with an end. */
export type AuditLog = Audit & {
  /** Writes what is gathered. */
  flush(): void
}

/** Lines are gathered for so long; a crash loses at most these. */
const FLUSH_MS = 100
/** So much waits for a reader that has stalled; what comes beyond is dropped and counted. */
const MOST_WAITING = 16 * 1024 * 1024
/** At its end, a server gives the reader so many tenths of a second to go on. */
const LAST_TRIES = 20
const BUFFERED = { minLength: 16_384, maxWrite: 32_768 }
/**
 * Workers share one stderr. A pipe takes up to 4 KiB whole (PIPE_BUF); of a larger write it may take a part, when
 * it is full, and then another worker's line stands in the middle of ours.
 */
const BUFFERED_IN_WORKER = { minLength: 3_072, maxWrite: 4_096 }

/** The levels that readers of pino's lines know. */
type Level = 30 | 40 | 50

/**
 * The log: one JSON line an event on stderr, so that stdout stays the operator's. `false` writes nothing.
 * Only the fields that AuditEvent names are written, whatever an object holds besides.
 */
export function createAudit(destination: LogDestination | false | null): AuditLog {
  if (destination === false)
    return { record: () => undefined, fault: () => undefined, flush: () => undefined }
  const log = destination ?? toStderr()
  const head = createHead()
  const write = (level: Level, members: string) => log.write(`${head(level)}${members}}\n`)
  return {
    record: (event) => write(AUDIT_WARNINGS.has(event.event) ? 40 : 30, membersOf(event)),
    fault(reference, cause) {
      const fault = JSON.stringify({ event: 'fault', reference: reference ?? undefined, ...describe(cause) })
      write(50, `,${fault.slice(1, -1)}`)
    },
    flush: () => (destination === null ? writeLast(stderr()) : undefined),
  }
}

/** How a line begins: level, and the time in ISO 8601, which lines of one millisecond share. */
function createHead(): (level: Level) => string {
  let at = 0
  let time = ''
  return (level) => {
    const now = Date.now()
    if (now !== at) {
      at = now
      time = new Date(now).toISOString()
    }
    return `{"level":${level},"time":"${time}"`
  }
}

function toStderr(): LogDestination {
  const stream = stderr()
  return { write: (line) => writeTo(stream, line) }
}

let shared: SonicBoom | undefined
/** How often a full pipe is tried again; bounded only while somebody waits for the last lines. */
let triesLeft = Number.POSITIVE_INFINITY

/** The process has one stderr, so its logs have one buffer. What is left in it is written when the process ends. */
function stderr(): SonicBoom {
  if (shared !== undefined) return shared
  const buffered = cluster.isWorker ? BUFFERED_IN_WORKER : BUFFERED
  const stream = new sonicBoom.SonicBoom({
    fd: 2,
    sync: false,
    // Of texts, it would look through all that it has gathered at each line.
    contentMode: 'buffer',
    periodicFlush: FLUSH_MS,
    maxLength: MOST_WAITING,
    retryEAGAIN: () => --triesLeft > 0,
    ...buffered,
  })
  countDrops(stream)
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A full disk is tried again with the next lines. Where whoever read the log has gone, nobody is left to tell.
    if (error.code !== 'EPIPE') return
    stream.destroy()
    stream.write = () => true
    stream.flushSync = () => undefined
  })
  process.once('exit', () => writeLast(stream))
  shared = stream
  return stream
}

/** As bytes, which its types do not know of. */
const writeTo = (stream: SonicBoom, line: string): unknown =>
  Reflect.apply(stream.write, stream, [Buffer.from(line, 'utf8')])

/** Says how many lines were dropped, once there is room again. */
function countDrops(stream: SonicBoom): void {
  let dropped = 0
  stream.on('drop', () => {
    dropped += 1
  })
  stream.on('drain', () => {
    if (dropped === 0) return
    const count = dropped
    dropped = 0
    writeTo(
      stream,
      `{"level":50,"time":"${new Date().toISOString()}","event":"log.dropped","count":"${count}"}\n`,
    )
  })
}

/** What has not been written when a server or the process ends is written, if the reader takes it. */
function writeLast(stream: SonicBoom): void {
  triesLeft = LAST_TRIES
  try {
    stream.flushSync()
  } catch {
    // Nobody can be told any more.
  } finally {
    // The process may go on, with another server in it.
    triesLeft = Number.POSITIVE_INFINITY
  }
}

const FIELDS = Object.keys(AUDIT_FIELDS).filter((name): name is keyof AuditEvent =>
  Object.hasOwn(AUDIT_FIELDS, name),
)

/** Longest field: ids and addresses are shorter, and what is longer was not meant for here. */
const LONGEST = 512

/** The members of an event, each behind a comma. */
function membersOf(event: AuditEvent): string {
  let members = ''
  for (const name of FIELDS) {
    const value = event[name]
    if (typeof value === 'string') members += `,"${name}":${JSON.stringify(value.slice(0, LONGEST))}`
  }
  return members
}

/** A worker's line must fit into one write (see above), with all its causes. */
const [LONGEST_MESSAGE, MOST_FRAMES] = cluster.isWorker ? [200, 3] : [2_000, 12]

type Description = {
  readonly kind: string
  readonly message: string
  readonly stack: string
  readonly cause?: Description
}

/** What went wrong, without what it went wrong with: long opaque runs, such as tokens, are left out. */
function describe(thrown: unknown, depth = 0): Description {
  if (!(thrown instanceof Error))
    return { kind: typeof thrown, message: 'Something other than an Error was thrown', stack: '' }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? ` ${thrown.code}` : ''
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    kind: thrown.name + code,
    message: redact(thrown.message).slice(0, LONGEST_MESSAGE),
    stack: frames.slice(0, MOST_FRAMES).join('\n'),
    ...(thrown.cause === undefined || depth >= 3 ? {} : { cause: describe(thrown.cause, depth + 1) }),
  }
}

/** Error texts of libraries may quote their input: JWTs, anything that looks random, and what stands in double quotes. */
function redact(message: string): string {
  return message
    .slice(0, 2_000)
    .replace(/"[^"]*"/g, '"[left out]"')
    .replace(/[\w-]+\.[\w-]+\.[\w-]*|[\w+/=-]{20,}/g, (text) => (/\d/.test(text) ? '[left out]' : text))
}
