import type { Command, OptionValues } from 'commander'
import { databaseOf, wantsJson, withCommonOptions } from './common-flags.ts'
import { type Answer, print } from './output.ts'
import type { Workplace } from './workplace.ts'

/** What a command works with. */
export type Job<Options> = {
  /** The arguments, in their order. */
  readonly args: readonly string[]
  readonly options: Options
  readonly doorward: Workplace
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
