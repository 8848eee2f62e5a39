import { type Command, Option } from 'commander'

/** Where the data is. Both null: the default folder. */
export type DatabaseOptions = {
  readonly data: string | null
  readonly databaseUrl: string | null
}

type CommonFlags = { readonly data?: string; readonly databaseUrl?: string; readonly json?: boolean }

/** The folder of the embedded database where no flag names one. */
export const DEFAULT_DATA = './.doorward'

/** Adds `--data`, `--database-url` and `--json`, which every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data <dir>', `folder of the embedded database (default: ${DEFAULT_DATA})`)
    .addOption(
      new Option(
        '--database-url <url>',
        'PostgreSQL instead, postgres://…; also DOORWARD_DATABASE_URL, which --data overrules',
      ),
    )
    .option('--json', 'print one JSON document')
}

/** The database that the flags name; a flag that was given goes before the environment. */
export function databaseOf(command: Command): DatabaseOptions {
  const { data, databaseUrl } = command.opts<CommonFlags>()
  if (databaseUrl !== undefined) return { databaseUrl, data: data ?? null }
  if (data !== undefined) return { databaseUrl: null, data }
  const url = process.env.DOORWARD_DATABASE_URL
  return { databaseUrl: url === undefined || url === '' ? null : url, data: null }
}

/** True where the answer is to be one JSON document. */
export function wantsJson(command: Command): boolean {
  return command.opts<CommonFlags>().json === true
}
