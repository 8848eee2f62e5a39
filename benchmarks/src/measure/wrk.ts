import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { PlainLoad, Plan, ScriptLoad } from '../row.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type LoadFigures, parseWrkOutput } from './wrk-output.ts'

/** The processor core of the load and of the harness itself. */
export const LOAD_CORE = 1

/** The processor core of the servers. */
export const SERVER_CORE = 0

const run = promisify(execFile)
/** Where load scripts find `load/summary.lua`. */
export const SUMMARY = fileURLToPath(new URL('../load/summary.lua', import.meta.url))

/** Lua's long brackets take any text that does not hold the closing one. */
const quoted = (text: string): string => `[====[\n${text}]====]`

const scriptOf = ({ method, headers, body }: PlainLoad): string =>
  [
    `dofile(os.getenv('BENCH_SUMMARY'))`,
    `wrk.method = ${quoted(method)}`,
    ...Object.entries(headers).map(([name, value]) => `wrk.headers[ ${quoted(name)} ] = ${quoted(value)}`),
    ...(body === undefined ? [] : [`wrk.body = ${quoted(body)}`]),
    '',
  ].join('\n')

/** Runs wrk on the processor core `cpu`: one thread, kept connections. */
export async function runWrk(load: PlainLoad | ScriptLoad, plan: Plan, cpu: number): Promise<LoadFigures> {
  const folder = temporaryFolder('load')
  try {
    const script = 'script' in load ? load.script : join(folder.path, 'load.lua')
    if (!('script' in load)) writeFileSync(script, scriptOf(load))
    // Password hashes queue for longer than wrk's own two seconds, after which it counts an error.
    const slow = ['--timeout', '60s']
    const wrk = ['wrk', '-t1', `-c${plan.connections}`, `-d${plan.seconds}s`, ...slow, '-s', script, load.url]
    const args = 'script' in load ? ['--', ...load.args] : []
    const { stdout, stderr } = await run('taskset', ['-c', String(cpu), ...wrk, ...args], {
      env: { ...process.env, BENCH_SUMMARY: SUMMARY },
      maxBuffer: 1 << 26,
    })
    return parseWrkOutput(stdout + stderr)
  } finally {
    folder.remove()
  }
}
