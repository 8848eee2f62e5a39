import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { examples, overDatabase } from '../database-command.ts'

/** `doorward backup FILE` */
export function backupCommand(program: Command): void {
  const backup = program
    .command('backup')
    .description('copy the embedded database to a file, while the server runs; use pg_dump on PostgreSQL')
    .argument('<file>', 'must not exist yet')
    .addHelpText(
      'after',
      `
The signing keys in it are sealed: keep the file "secret" of the data folder, or DOORWARD_SECRET, somewhere else.`,
    )
  overDatabase(backup, async ({ args, doorward }) => {
    const file = resolve(args[0] ?? '')
    await doorward.storage.maintenance.backup(file)
    const { size } = await stat(file)
    return { json: { file, bytes: size }, text: `Copied to ${file} (${size} bytes).` }
  })
  examples(backup, ['backup /var/backups/doorward.db'])
}
