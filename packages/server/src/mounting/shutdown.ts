import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { SHUTDOWN_MS } from './end-in-time.ts'

/** How often npm is looked for. */
const LOOK_MS = 250

/**
 * Calls `close` once, when the process is told to end (SIGINT, SIGTERM) or when, started under npm, npm is gone:
 * it hands SIGTERM on to its shell alone, and SIGKILL to nobody. Exits 0 afterwards; 1, and says why on stderr, where closing
 * failed or took longer than `withinMs` milliseconds (default 20,000).
 * Further signals change nothing: on Ctrl-C the terminal and npm both send one. Answers what does the same by hand.
 */
export function onShutdown(close: () => Promise<void>, withinMs = SHUTDOWN_MS): () => void {
  let closing = false
  const shutdown = () => {
    if (closing) return
    closing = true
    setTimeout(
      () => fail(`It did not end within ${withinMs / 1_000} s: what was under way is cut off.`),
      withinMs,
    )
    close().then(
      () => process.exit(0),
      (cause: unknown) => fail(cause instanceof Error ? cause.message : 'It could not be closed.'),
    )
  }
  process.on('SIGINT', shutdown)
  process.on('SIGTERM', shutdown)
  if (process.env.npm_command !== undefined) watchParents(shutdown)
  return shutdown
}

function fail(text: string): void {
  process.stderr.write(`error: ${text}\n`)
  process.exit(1)
}

/** A process whose parent ended is given another one; the shell between npm and us would outlive npm. */
function watchParents(onGone: () => void): void {
  const parent = process.ppid
  const npm = parentOfShell(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || isAlive(npm))) return
    clearInterval(timer)
    onGone()
  }, LOOK_MS)
  timer.unref()
}

/** The parent of `pid` where that is the `sh -c …` that npm starts scripts with; null where it is npm itself. */
function parentOfShell(pid: number): number | null {
  try {
    const { command, parent } = process.platform === 'linux' ? readProc(pid) : askPs(pid)
    return /^(?:\S*\/)?(?:ba|da|z)?sh -c /.test(command) && parent > 1 ? parent : null
  } catch {
    return null
  }
}

function readProc(pid: number): { readonly command: string; readonly parent: number } {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  // The second field is a name in brackets and may hold anything: what follows it counts.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return { command, parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }
}

function askPs(pid: number): { readonly command: string; readonly parent: number } {
  const text = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 2_000,
  })
  const [, parent = '', command = ''] = /^\s*(\d+)\s+(.*)/.exec(text) ?? []
  return { command, parent: Number(parent) }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    // EPERM: alive, and somebody else's.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}
