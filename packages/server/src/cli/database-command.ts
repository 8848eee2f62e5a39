import { type Command, Option, type OptionValues } from 'commander'
import { type Answer, print } from './output.ts'
import type { Workplace } from './workplace.ts'

/** Where the data is. Both null: the default folder. */
export type DatabaseOptions = {
  readonly data: string | null
  readonly databaseUrl: string | null
}

export type Job<Options> = {
  /** The arguments, in their order. */
  readonly args: readonly string[]
  readonly options: Options
  readonly doorward: Workplace
}

type CommonFlags = { readonly data?: string; readonly databaseUrl?: string; readonly json?: boolean }

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

export function wantsJson(command: Command): boolean {
  return command.opts<CommonFlags>().json === true
}

/**
 * Makes `command` one that works on the database: opens it, does the work, prints the answer, closes it. The
 * heavy parts load only now, so that `--help` is instant.
 */
export function overDatabase<Options extends OptionValues>(
  command: Command,
  work: (job: Job<Options>) => Promise<Answer>,
): Command {
  return withCommonOptions(command).action(async () => {
    const { openWorkplace } = await import('./workplace.ts')
    const doorward = await openWorkplace(databaseOf(command))
    try {
      const answer = await work({ args: command.args, options: command.opts<Options>(), doorward })
      print(answer, wantsJson(command))
      if (answer.failed) process.exitCode = 1
    } finally {
      await doorward.close()
    }
  })
}

/** Examples below the help of a command. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  $ doorward ${line}`).join('\n')}`,
  )
}
