import type { Command } from 'commander'
import { databaseOf, wantsJson, withCommonOptions } from '../common-flags.ts'
import { examples } from '../database-command.ts'
import { print } from '../output.ts'

/** `doorward migrate`: every start does the same; this is for those who want it done beforehand. */
export function migrateCommand(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('bring the tables of the database to this version, as every start does')
  withCommonOptions(migrate).action(async () => {
    const [{ readDatabase }, { migrationStatus, openStorage }, { databaseChoice }] = await Promise.all([
      import('../../database.ts'),
      import('../../storage/open.ts'),
      import('../workplace.ts'),
    ])
    const { target } = readDatabase(databaseChoice(databaseOf(migrate)))
    const { pending } = await migrationStatus(target)
    const storage = await openStorage(target)
    await storage.close()
    const { applied } = await migrationStatus(target)
    const text = pending.length === 0 ? 'The database is up to date.' : `Applied: ${pending.join(', ')}.`
    print({ json: { applied: pending, migrations: applied }, text }, wantsJson(migrate))
  })
  examples(migrate, ['migrate', 'migrate --database-url postgres://doorward@db.example.com/doorward'])
}
