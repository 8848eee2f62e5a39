/** Ticks that one processor core has spent working for processes, by the text of /proc/stat (see proc_stat(5)). */
export function coreTicks(stat: string, core: number): number {
  const line = stat.split('\n').find((one) => one.startsWith(`cpu${core} `))
  // user, nice, system, idle, iowait, irq, softirq, steal: interrupts and what the network does are nobody's own.
  const [user, nice, system, , , , , steal = 0] = line?.split(' ').slice(1).map(Number) ?? []
  if (user === undefined || nice === undefined || system === undefined) {
    throw new Error(`/proc/stat has no core ${core}`)
  }
  return user + nice + system + steal
}
