import { readFileSync } from 'node:fs'
import type { Gauge, Reading } from '../row.ts'
import type { Progress, Settings } from './rounds.ts'

/** Who asks for one round wants to see that it runs. */
const roundsOf = ({ rounds }: Gauge, asked: Settings): number => (asked.rounds === 1 ? 1 : rounds)

/** Measures a gauge as often as it wants. */
export async function measureGauge(
  gauge: Gauge,
  settings: Settings,
  progress: Progress,
): Promise<readonly Reading[]> {
  const rounds = roundsOf(gauge, settings)
  const readings: Reading[] = []
  while (readings.length < rounds) {
    progress(`round ${readings.length + 1} of ${rounds}`)
    readings.push(await gauge.measure(settings.cores.server))
  }
  return readings
}

/** Memory of a process, in MB of a million bytes. */
export type Memory = {
  /** What is in memory now. */
  readonly resident: number
  /** The most that ever was. */
  readonly peak: number
}

/** The memory that a process has now. */
export const memoryOf = (pid: number): Memory =>
  parseProcessStatus(readFileSync(`/proc/${pid}/status`, 'utf8'))

/** Reads /proc/PID/status, see proc_pid_status(5). */
export function parseProcessStatus(status: string): Memory {
  const megabytes = (name: string): number => {
    const kibibytes = status.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'))?.[1]
    if (kibibytes === undefined) throw new Error(`/proc/PID/status has no ${name}`)
    return (Number(kibibytes) * 1024) / 1e6
  }
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}
