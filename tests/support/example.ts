import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.ts'
import { repositoryRoot, start } from './process.ts'

/** Where the command line of a clone keeps its sources stripped and compiled, too. */
const compiled = join(repositoryRoot, 'node_modules/.cache/compiled')

/** An example as `npm run example` starts it. */
export type Example = {
  /** What it printed, such as `found(/E-mail: +(\S+)/)`. */
  found(pattern: RegExp): string
  readonly email: string
  readonly password: string
  /** Everything it printed. */
  output(): string
  /** Ends it like Ctrl-C; resolves with the exit code, and removes its folder. */
  stop(): Promise<number | null>
}

/** Starts an example with a folder of its own. `ports` are the names of the variables that choose its ports. */
export const startExample = async (
  name: string,
  ports: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Example> => {
  const data = await mkdtemp(join(tmpdir(), 'doorward-example-'))
  const chosen: Record<string, string> = {}
  for (const port of ports) chosen[port] = String(await freePort())
  const running = start(process.execPath, ['--conditions=@doorward/source', 'scripts/example.ts', name], {
    cwd: repositoryRoot,
    env: { npm_command: 'run', DOORWARD_DATA: data, NODE_COMPILE_CACHE: compiled, ...chosen, ...env },
  })
  await running.line(/Ctrl-C stops everything/)
  const found = (pattern: RegExp) => running.output().match(pattern)?.[1] ?? ''
  return {
    found,
    email: found(/E-mail: +(\S+)/),
    password: found(/Password: +(\S+)/),
    output: running.output,
    stop: async () => {
      const code = await running.end('SIGINT')
      await rm(data, { recursive: true, force: true })
      return code
    },
  }
}
