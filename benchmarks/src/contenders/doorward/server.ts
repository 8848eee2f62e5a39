import { startServerProcess } from '../server-process.ts'
import { dataFolder, doorwardCommand, type Place, runCommand } from './command-line.ts'

/** `doorward start` on a place of its own. */
export type DoorwardServer = {
  readonly issuer: string
  readonly pid: number
  stop(): Promise<void>
}

/** What is made in its place before the server starts, by the command line. */
export type Workplace = {
  /** Runs one command with `--json` and answers what it prints. `input` is its standard input. */
  command(words: readonly string[], input?: string): Promise<Readonly<Record<string, unknown>>>
}

/** How `doorward start` differs from its defaults. */
export type Start = {
  /** The core it is pinned to, or the cores it may use. */
  readonly cpu: number | readonly number[]
  readonly place: Place
  readonly flags?: readonly string[]
}

/** Makes a data folder, lets `fill` put clients, resources and users into it, and serves it with the defaults. */
export async function startDoorward<Filled>(
  cpu: number,
  fill: (workplace: Workplace) => Promise<Filled>,
): Promise<{ readonly server: DoorwardServer; readonly filled: Filled }> {
  return startFilled({ cpu, place: dataFolder() }, fill)
}

/** Lets `fill` put something into the place, and serves it. The place is removed when the server stops. */
export async function startFilled<Filled>(
  start: Start,
  fill: (workplace: Workplace) => Promise<Filled>,
): Promise<{ readonly server: DoorwardServer; readonly filled: Filled }> {
  const { place } = start
  try {
    const filled = await fill({ command: (words, input) => runCommand(place, words, input) })
    return { server: await serve(start), filled }
  } catch (cause) {
    await place.remove()
    throw cause
  }
}

/** Starts the server on a place as it is, and waits until it says that it is ready. */
export async function serve({ cpu, place, flags = [] }: Start): Promise<DoorwardServer> {
  const started = await startServerProcess({
    command: ['node', ...doorwardCommand(place, ['start', '--port', '0', ...flags])],
    cpu,
    env: place.env,
    ready: /"issuer": ?"([^"]+)"/,
  })
  const stop = async () => {
    await started.stop()
    await place.remove()
  }
  return { issuer: started.match[1] ?? '', pid: started.pid, stop }
}
