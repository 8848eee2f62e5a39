import { readFileSync } from 'node:fs'

/** How often the parent is looked for. */
const PARENT_MS = 250

/**
 * Calls `close` once, when the process is told to end (SIGINT, SIGTERM) or when, started under npm, its parent
 * is gone: npm does not hand SIGTERM on. Exits 0 afterwards. Further signals change nothing: on Ctrl-C the
 * terminal and npm both send one.
 */
export function onShutdown(close: () => Promise<void>): void {
  let closing = false
  const shutdown = () => {
    if (closing) return
    closing = true
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', shutdown)
  process.on('SIGTERM', shutdown)
  if (process.env.npm_command !== undefined) watchParent(shutdown)
}

/**
 * A process whose parent ended is given another one. npm runs commands through a shell, which outlives an npm
 * that was killed: then it is the shell's parent that changes.
 */
function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const shell = readStat(parent)
  const behindShell = shell !== null && SHELLS.test(shell.name) ? shell.parent : null
  const timer = setInterval(() => {
    const orphaned = process.ppid !== parent
    const shellOrphaned = behindShell !== null && readStat(parent)?.parent !== behindShell
    if (!orphaned && !shellOrphaned) return
    clearInterval(timer)
    onGone()
  }, PARENT_MS)
  timer.unref()
}

const SHELLS = /^(?:sh|dash|bash|ash|zsh|busybox)$/

/** Name and parent of a process, from Linux's /proc; null elsewhere. The name is in brackets and may hold any sign. */
function readStat(pid: number): { readonly name: string; readonly parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) }
  } catch {
    return null
  }
}
