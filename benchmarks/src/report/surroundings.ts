import type { Result } from '../results.ts'

/** `measured 2026-11-24 19:22 UTC at 96d17e068c54, AMD EPYC, 2 cores, Linux 6.1.0, Node 24.21.0` */
export function placeAndTime({ surroundings }: Pick<Result, 'surroundings'>): string {
  const { measuredAt, revision, cpu, cores, kernel, node } = surroundings
  const when = `${measuredAt.slice(0, 16).replace('T', ' ')} UTC`
  return `measured ${when} at ${revision}, ${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}`
}
