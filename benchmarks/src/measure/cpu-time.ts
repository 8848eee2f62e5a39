import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { coreTicks } from './core-time.ts'
import { parseProcessStat } from './process-stat.ts'

let rate: number | undefined

const ticksPerSecond = (): number => {
  rate ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return rate
}

const statOf = (pid: number) => parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))

/** CPU-seconds, user and system, that these processes have used since they began. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + statOf(pid).ticks, 0) / ticksPerSecond()
}

/** Seconds that a core has worked for any process. */
export function coreSeconds(core: number): number {
  return coreTicks(readFileSync('/proc/stat', 'utf8'), core) / ticksPerSecond()
}

/** The process and all its children, as they are now. */
export function processTree(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      parents.set(Number(name), statOf(Number(name)).parent)
    } catch {
      // Ended since the folder was read.
    }
  }
  const below = (pid: number): readonly number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ]
  return below(root)
}
