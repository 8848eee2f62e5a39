import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../../machine.ts'
import type { Place } from '../doorward/command-line.ts'

/** The tests' own: it ends, and removes its folder, when its input closes, however this process ends. */
const PROGRAM = join(ROOT, 'tests/support/postgres-process.ts')

/** A PostgreSQL server with an empty database, on the harness's core. */
export async function postgresDatabase(): Promise<Place> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  const url = await firstLine(child)
  return {
    flags: ['--database-url', url],
    env: { DOORWARD_SECRET: randomBytes(32).toString('base64url') },
    async remove() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}

async function firstLine({ stdout }: Pick<ChildProcess, 'stdout'>): Promise<string> {
  if (stdout === null) throw new Error('the PostgreSQL process has no output')
  for await (const line of createInterface(stdout)) return line
  throw new Error('PostgreSQL did not start; what it said stands above')
}
