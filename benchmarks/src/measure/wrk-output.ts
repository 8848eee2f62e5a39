/** What one run of wrk says. */
export type LoadFigures = {
  readonly requests: number
  readonly seconds: number
  /** Answers with a status of 400 or more. */
  readonly badStatus: number
  /** Connections that failed, and requests that had no answer in time. */
  readonly socketErrors: number
  /** Answers that the load's script found wrong. */
  readonly wrongAnswers: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** The load had no more of what each request uses up: this run is too short to count. */
export class OutOfStock extends Error {}

const SUMMARY = /^BENCH (\{.*\})$/m

/** Reads the line that `load/summary.lua` prints. Throws where there is none, with what wrk said instead; and OutOfStock. */
export function parseWrkOutput(output: string): LoadFigures {
  const line = output.match(SUMMARY)?.[1]
  if (line === undefined) throw new Error(`wrk printed no summary:\n${output.slice(-2_000)}`)
  const read = JSON.parse(line) as Record<string, unknown>
  if (read.outOfStock === true) throw new OutOfStock('the load ran out of what its requests use up')
  const number = (name: string): number => {
    const value = read[name]
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new Error(`wrk's summary has no number ${name}: ${line}`)
    }
    return value
  }
  return {
    requests: number('requests'),
    seconds: number('durationUs') / 1e6,
    badStatus: number('status'),
    socketErrors: number('socket'),
    wrongAnswers: number('failures'),
    p50Ms: number('p50Us') / 1e3,
    p99Ms: number('p99Us') / 1e3,
  }
}
