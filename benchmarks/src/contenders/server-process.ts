import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

/** How a server is started. */
export type ServerCommand = {
  /** The program and its arguments; `node` is the Node that runs the benchmark. */
  readonly command: readonly string[]
  /** The core it is pinned to, or the cores it may use. */
  readonly cpu: number | readonly number[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Its standard output and error go to files, as an operator would have it; this line in them says that it serves. */
  readonly ready: RegExp
}

/** A started server. */
export type ServerProcess = {
  readonly pid: number
  /** What `ready` matched. */
  readonly match: RegExpMatchArray
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>
}

const START_MS = 30_000
/** Short beside a start, which is measured by it. */
const LOOK_MS = 4

/**
 * Servers that run. Stopped ones (SIGSTOP) hear no other signal, so what is left at the end is killed; before their
 * folders are removed, or they would write them again.
 */
const running = new Set<ChildProcess>()
process.prependOnceListener('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server pinned to its core, with NODE_ENV=production, and waits until it says that it serves. */
export async function startServerProcess(server: ServerCommand): Promise<ServerProcess> {
  const folder = temporaryFolder('log')
  const files = [join(folder.path, 'stdout'), join(folder.path, 'stderr')]
  const child = spawnPinned(server, files)
  const said = () => files.map((file) => readFileSync(file, 'utf8')).join('\n')
  const stop = async () => {
    await ended(child)
    folder.remove()
  }
  const latest = performance.now() + START_MS
  for (;;) {
    const match = said().match(server.ready)
    if (match !== null && child.pid !== undefined) return { pid: child.pid, match, stop }
    if (child.exitCode !== null || performance.now() > latest) {
      const text = said().slice(-4_000)
      await stop()
      throw new Error(`${server.command.join(' ')} does not serve:\n${text}`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

function spawnPinned({ command, cpu, env, cwd }: ServerCommand, files: readonly string[]): ChildProcess {
  const [stdout, stderr] = files.map((file) => openSync(file, 'a'))
  const program = command.map((word, at) => (at === 0 && word === 'node' ? process.execPath : word))
  // taskset becomes the program it starts, so the process id is the server's own.
  const child = spawn('taskset', ['-c', [cpu].flat().join(','), ...program], {
    stdio: ['ignore', stdout, stderr],
    env: { ...process.env, NODE_ENV: 'production', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  for (const descriptor of [stdout, stderr]) if (descriptor !== undefined) closeSync(descriptor)
  return child
}

/** SIGCONT first: a stopped process gets no other signal. SIGKILL where it does not end by itself. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(timer)
}
