import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The command as users get it; in the repository it runs the sources. */
export const doorwardBin = fileURLToPath(new URL('../../packages/server/bin/doorward.js', import.meta.url))
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))

const steers = new RegExp(
  '^(?:DOORWARD_|VITEST|VITE_|npm_(?!config_)|npm_config_(?:local_prefix|prefix|workspace)|' +
    'GOOGLE_CLIENT_|GITHUB_CLIENT_|SIGN_IN_SECRET$|(?:[A-Z]+_)?PORT$)',
)
const steersNode = /^NODE_(?!EXTRA_CA_CERTS$)/

/** Environment for children: the machine's own, without settings that would steer Doorward, npm or Node. */
export const childEnvironment = (extra: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !steers.test(entry[0]) && !steersNode.test(entry[0]),
  )
  return { ...Object.fromEntries(kept), ...extra }
}

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs a program to its end. */
export const run = async (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> => {
  const child = spawn(command, args, { cwd: options.cwd, env: childEnvironment(options.env) })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  // A child that ends without reading its input is no failure of ours.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

/** A program that keeps running, and what it has said so far. */
export type Running = {
  readonly child: ChildProcess
  readonly pid: number
  /** Everything from stdout and stderr, as it came. */
  output(): string
  /** Resolves with the match once stdout has a line like `pattern`; rejects if the program ends before. */
  line(pattern: RegExp): Promise<RegExpMatchArray>
  /** Sends the signal and resolves with the exit code (null after a kill). */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts a program that keeps running. Whoever starts it ends it. */
export const start = (command: string, args: readonly string[], options: RunOptions = {}): Running => {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: childEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let all = ''
  const exited = once(child, 'close')
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
    all += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    all += chunk
  })
  const line = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = stdout.match(pattern)
        if (match === null) return
        child.stdout.off('data', look)
        resolve(match)
      }
      child.stdout.on('data', look)
      exited.then(() => reject(new Error(`It ended (${child.exitCode}) without ${pattern}:\n${all}`)), reject)
      look()
    })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
    return child.exitCode
  }
  return { child, pid: child.pid ?? 0, output: () => all, line, end }
}
