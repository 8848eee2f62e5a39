import { connect, createServer, type Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** An abstract address (unix(7)): whoever listens there holds the lock, and the kernel takes it back when they end, however they do. */
const LOCK = '\0doorward-bench'
const LOOK_MS = 500

/** Told of the process that holds the lock, as often as it is asked. */
type Waiting = (pid: string) => void

/**
 * Does `work` while no other benchmark measures on this machine: two at once would measure each other. Throws what the
 * machine says where the lock can be neither taken nor waited for.
 */
export async function alone<Result>(
  waiting: Waiting,
  work: () => Promise<Result>,
  lock: string = LOCK,
): Promise<Result> {
  const held = await takeInTurn(waiting, lock)
  try {
    return await work()
  } finally {
    await new Promise((resolve) => held.close(resolve))
  }
}

async function takeInTurn(waiting: Waiting, lock: string): Promise<Server> {
  for (;;) {
    const held = await take(lock)
    if (held !== null) return held
    waiting(await holder(lock))
    await pause(LOOK_MS)
  }
}

/** The lock, or null where another holds it. Any other failure would be one for ever: it is thrown. */
function take(lock: string): Promise<Server | null> {
  const server = createServer((asking) => asking.on('error', () => {}).end(String(process.pid)))
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      cause.code === 'EADDRINUSE' ? resolve(null) : reject(cause),
    )
    server.listen(lock, () => resolve(server.unref()))
  })
}

/** The id of the process that holds the lock; `?` where it has just given it back, or is too busy to say. */
function holder(lock: string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const asked = connect(lock)
    asked.setTimeout(LOOK_MS, () => asked.destroy())
    asked.on('data', (piece) => {
      said += piece.toString()
    })
    asked.on('error', () => {})
    asked.once('close', () => resolve(said === '' ? '?' : said))
  })
}
