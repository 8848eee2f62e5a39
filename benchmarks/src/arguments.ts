import { parseArgs } from 'node:util'
import { GROUPS, type Group } from './row.ts'

/** What the command line asks for. */
export type Request = {
  /** Empty means all. */
  readonly groups: readonly Group[]
  /** Ids of rows; empty means all of the groups. */
  readonly only: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Its figures are not kept. */
  readonly quick: boolean
  readonly connections: number
  /** Where seeded stores are kept for the next run; null: they go with this one. */
  readonly stores: string | null
  /** Only show what earlier runs measured. */
  readonly kept: boolean
  readonly help: boolean
}

/** The command line was written wrongly; the message says how. */
export class UsageError extends Error {}

/** What `npm run bench -- --help` prints. */
export const HELP = `npm run bench -- [groups] [options]

Measures Doorward beside its peers and beside the floor, one row of work after the other.

Groups: ${GROUPS.join(' ')} (default: all)

  --rounds <n>        turns of each contender (default: 3)
  --seconds <n>       length of a turn, the warm-up apart (default: 4)
  --connections <n>   kept connections that the load uses (default: 32)
  --only <row>        only the row of this id; may be repeated
  --stores <folder>   keeps the large store of the group growth there (5 GB), so that the next run need not fill it
  --quick             one round of two seconds: to see that it runs; not kept
  --kept              measures nothing: shows what earlier runs measured, and when and where
  --help              this text

Results: the terminal, benchmarks/results/latest.json and docs/assets/benchmarks.svg.`

const whole = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 100_000) {
    throw new UsageError(`--${name} wants a whole number from 1, not ${text}`)
  }
  return value
}

const isGroup = (word: string): word is Group => GROUPS.some((group) => group === word)

/** Reads the words after the script's name. Throws UsageError. */
export function parseArguments(words: readonly string[], rowIds: readonly string[]): Request {
  const { values, positionals } = read(words)
  const groups = positionals.map((word) => {
    if (!isGroup(word)) throw new UsageError(`no group ${word}: there is ${GROUPS.join(', ')}`)
    return word
  })
  const only = values.only ?? []
  for (const id of only) {
    if (!rowIds.includes(id)) throw new UsageError(`no row ${id}: there is ${rowIds.join(', ')}`)
  }
  const quick = values.quick === true
  const rounds = whole('rounds', values.rounds ?? (quick ? '1' : '3'))
  const seconds = whole('seconds', values.seconds ?? (quick ? '2' : '4'))
  const connections = whole('connections', values.connections ?? '32')
  return {
    groups,
    only,
    rounds,
    seconds,
    warmUpSeconds: quick ? 2 : 6,
    quick,
    connections,
    stores: values.stores ?? null,
    kept: values.kept === true,
    help: values.help === true,
  }
}

function read(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        connections: { type: 'string' },
        only: { type: 'string', multiple: true },
        stores: { type: 'string' },
        quick: { type: 'boolean' },
        kept: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
}
