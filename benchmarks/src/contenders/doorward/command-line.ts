import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from '../../machine.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

/** Where a Doorward keeps its data. */
export type Place = {
  /** What names it on the command line. */
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Removes it and all that is in it. */
  remove(): Promise<void>
}

type Json = Readonly<Record<string, unknown>>

/** An empty data folder for the embedded database. */
export function dataFolder(): Place {
  const { path, remove } = temporaryFolder('data')
  return { flags: ['--data', path], env: {}, remove: async () => remove() }
}

/** The program and its arguments for one command of the published command line. */
export function doorwardCommand({ flags }: Place, words: readonly string[]): readonly string[] {
  // Seen through the workspace's link it stands in node_modules, as with any user, and so runs what was built.
  const bin = join(ROOT, 'node_modules/doorward/bin/doorward.js')
  return ['--preserve-symlinks-main', bin, ...words, ...flags, '--json']
}

/** Runs one command to its end, and answers the JSON that it prints. `input` is its standard input. */
export async function runCommand(place: Place, words: readonly string[], input = ''): Promise<Json> {
  const child = spawn(process.execPath, doorwardCommand(place, words), {
    stdio: 'pipe',
    env: { ...process.env, ...place.env },
  })
  child.stdin.end(input)
  const [answer, remarks] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (answer === '') throw new Error(`doorward ${words.join(' ')}: ${remarks}`)
  return JSON.parse(answer) as Json
}
