import { CommanderError } from 'commander'
import { shieldDashedIds } from './dashed-ids.ts'
import { explain, WRONG_USAGE } from './failure.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command: `argv` without Node and the script. Never throws; sets the exit code: 1 where the work
 * failed, 2 where the command was written wrongly.
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', stopReading)
  try {
    const program = createProgram()
    await program.parseAsync(shieldDashedIds(argv, program), { from: 'user' })
  } catch (cause) {
    process.exitCode = report(cause)
  }
}

/** Says what went wrong and answers the exit code. */
function report(cause: unknown): number {
  if (cause instanceof CommanderError) {
    // Commander has printed its own words; asking for help or the version is no failure.
    return cause.exitCode === 0 ? 0 : WRONG_USAGE
  }
  const { text, exitCode } = explain(cause)
  process.stderr.write(`error: ${text}\n`)
  return exitCode
}

/** Whoever reads our output may stop before its end, as `head` does. */
function stopReading(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
}
