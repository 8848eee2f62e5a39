import { Command } from 'commander'
import { programVersion } from '../version.ts'
import { backupCommand } from './commands/backup.ts'
import { clientsCommand } from './commands/clients.ts'
import { keysCommand } from './commands/keys.ts'
import { migrateCommand } from './commands/migrate.ts'
import { resourcesCommand } from './commands/resources.ts'
import { rolesCommand } from './commands/roles.ts'
import { startCommand } from './commands/start.ts'
import { sweepCommand } from './commands/sweep.ts'
import { usersCommand } from './commands/users.ts'
import { examples } from './database-command.ts'

/** Every command, with nothing heavy loaded. A wrong use throws CommanderError instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('doorward')
    .description('OAuth 2.1 and OpenID Connect for your application.')
    .version(programVersion(), '--version')
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .configureHelp({ showGlobalOptions: false })
  startCommand(program)
  usersCommand(program)
  clientsCommand(program)
  resourcesCommand(program)
  rolesCommand(program)
  keysCommand(program)
  migrateCommand(program)
  sweepCommand(program)
  backupCommand(program)
  examples(program, [
    'start',
    'users create --email you@example.com --password-stdin',
    'clients create --name "My app" --redirect-uri http://localhost:3000/callback',
  ])
  return program
}
