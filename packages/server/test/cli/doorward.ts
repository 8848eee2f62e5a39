import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { doorwardBin, type Finished, type RunOptions, run } from '../../../../tests/support/process.ts'

export type { Finished }

/** A folder for the tests of one file; it goes afterwards. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-cli-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Runs the real command to its end. */
export const doorward = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  run(process.execPath, [doorwardBin, ...args], options)

export type Cli = {
  /** Runs a command on this database. */
  run(args: readonly string[], input?: string): Promise<Finished>
  /** The same with `--json`; throws unless it exits 0, and answers the document. */
  json(args: readonly string[], input?: string): Promise<unknown>
}

/** The command on one database. */
export const cliOn = (cwd: string, flags: readonly string[]): Cli => {
  const onDatabase: Cli['run'] = (args, input = '') => doorward([...args, ...flags], { cwd, input })
  return {
    run: onDatabase,
    async json(args, input) {
      const { code, stdout, stderr } = await onDatabase([...args, '--json'], input)
      if (code !== 0) throw new Error(`doorward ${args.join(' ')} exited with ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
  }
}
