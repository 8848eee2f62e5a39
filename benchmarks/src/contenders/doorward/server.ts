import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startServerProcess } from '../server-process.ts'

const CLI = fileURLToPath(new URL('./cli.js', import.meta.url))

/** `doorward start` on a data folder of its own. */
export type DoorwardServer = {
  readonly issuer: string
  readonly pid: number
  stop(): Promise<void>
}

/** What is made in the data folder before the server starts, by the command line. */
export type Workplace = {
  /** Runs one command with `--json` and answers what it prints. `input` is its standard input. */
  command(words: readonly string[], input?: string): Promise<Readonly<Record<string, unknown>>>
}

/** Makes a data folder, lets `fill` put clients, resources and users into it, and serves it with the defaults. */
export async function startDoorward<Filled>(
  cpu: number,
  fill: (workplace: Workplace) => Promise<Filled>,
): Promise<{ readonly server: DoorwardServer; readonly filled: Filled }> {
  const { path: data, remove } = temporaryFolder('data')
  try {
    const filled = await fill({ command: (words, input = '') => command(data, words, input) })
    const started = await startServerProcess({
      command: ['node', CLI, 'start', '--port', '0', '--data', data, '--json'],
      cpu,
      ready: /"issuer": ?"([^"]+)"/,
    })
    const stop = async () => {
      await started.stop()
      remove()
    }
    return { server: { issuer: started.match[1] ?? '', pid: started.pid, stop }, filled }
  } catch (cause) {
    remove()
    throw cause
  }
}

async function command(
  data: string,
  words: readonly string[],
  input: string,
): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn(process.execPath, [CLI, ...words, '--data', data, '--json'], {
    stdio: 'pipe',
  })
  child.stdin.end(input)
  const [answer, remarks] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (answer === '') throw new Error(`doorward ${words.join(' ')}: ${remarks}`)
  return JSON.parse(answer) as Record<string, unknown>
}
