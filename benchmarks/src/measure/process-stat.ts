/** What /proc/PID/stat says of a process, see proc_pid_stat(5). */
export type ProcessStat = {
  readonly parent: number
  /** User and system time of all its threads, the ended ones too, in clock ticks. */
  readonly ticks: number
}

/** Reads one line of /proc/PID/stat. The name in it may hold blanks and parentheses, so fields count from its end. */
export function parseProcessStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  // proc_pid_stat(5) counts from 1: ppid is field 4, utime 14, stime 15; `fields` begins at field 3.
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number)
  if (parent === undefined || user === undefined || system === undefined || !Number.isFinite(system)) {
    throw new Error(`not a line of /proc/PID/stat: ${line}`)
  }
  return { parent, ticks: user + system }
}
