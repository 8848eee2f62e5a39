import { HELP, parseArguments, type Request, UsageError } from './arguments.ts'
import { MachineError } from './machine.ts'
import { keptTable } from './report/table.ts'
import type { Gauge, Row } from './row.ts'
import { PLAN } from './rows/index.ts'
import { runRows } from './run.ts'
import { keptResults } from './store.ts'

const ids = PLAN.map(({ id }) => id)

const wanted = ({ groups, only }: Request): readonly (Row | Gauge)[] =>
  PLAN.filter(
    ({ id, group }) =>
      (groups.length === 0 || groups.includes(group)) && (only.length === 0 || only.includes(id)),
  )

async function main(words: readonly string[]): Promise<number> {
  const asked = parseArguments(words, ids)
  if (asked.help) {
    console.log(HELP)
    return 0
  }
  if (asked.kept) {
    console.log(keptTable(keptResults()))
    return 0
  }
  const rows = wanted(asked)
  if (rows.length === 0) throw new UsageError(`nothing is measured there yet; the rows are ${ids.join(', ')}`)
  return (await runRows(rows, asked, ids)) ? 0 : 1
}

// The servers' own ends, and what they left on disk, hang on the event `exit`: a signal must come by there.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

process.exitCode = await main(process.argv.slice(2)).catch((cause: unknown) => {
  if (cause instanceof UsageError) {
    console.error(`error: ${cause.message}\nAdd --help to see how it is used.`)
    return 2
  }
  if (cause instanceof MachineError) {
    console.error(`error: ${cause.message}`)
    return 1
  }
  throw cause
})
