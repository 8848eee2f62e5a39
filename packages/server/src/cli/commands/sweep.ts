import type { Command } from 'commander'
import { examples, overDatabase } from '../database-command.ts'

/** `doorward sweep`: the server does the same by itself. */
export function sweepCommand(program: Command): void {
  const sweep = program
    .command('sweep')
    .description('remove what has expired, as the server does by itself every minute')
  overDatabase(sweep, async ({ doorward }) => {
    const { sweepAll } = await import('../../jobs/sweep.ts')
    const removed = await sweepAll(doorward)
    return { json: { removed }, text: `${removed} expired ${removed === 1 ? 'row' : 'rows'} removed.` }
  })
  examples(sweep, ['sweep', 'sweep --json'])
}
