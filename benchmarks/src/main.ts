import { HELP, parseArguments, UsageError } from './arguments.ts'
import { measureRow } from './measure/rounds.ts'
import { ROWS } from './rows/index.ts'

try {
  const ids = ROWS.map(({ id }) => id)
  const asked = parseArguments(process.argv.slice(2), ids)
  if (asked.help) {
    console.log(HELP)
    process.exit(0)
  }
  const rows = ROWS.filter(
    ({ id, group }) =>
      (asked.groups.length === 0 || asked.groups.includes(group)) &&
      (asked.only.length === 0 || asked.only.includes(id)),
  )
  for (const row of rows) {
    const measured = await measureRow(row, { ...asked, cores: { server: 0, load: 1 } }, (doing) =>
      console.error(`${row.id}: ${doing}`),
    )
    for (const { contender, rounds, missing } of measured) {
      console.log(row.id, contender.name, missing ?? '')
      console.table(
        rounds.map((round) => ({ perCpuSecond: Math.round(round.requests / round.cpuSeconds), ...round })),
      )
    }
  }
} catch (cause) {
  if (!(cause instanceof UsageError)) throw cause
  console.error(`error: ${cause.message}\nAdd --help to see how it is used.`)
  process.exit(2)
}
