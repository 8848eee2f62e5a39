import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The maintenance database of the run's PostgreSQL; tests take a database of their own from it. */
    postgresUrl: string
  }
}

const firstLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('The PostgreSQL process has no output')
  for await (const line of createInterface(child.stdout)) return line
  throw new Error('PostgreSQL did not start; its messages are above')
}

/** Starts one real PostgreSQL for the whole run and hands its URL to every worker. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const script = fileURLToPath(new URL('postgres-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  project.provide('postgresUrl', await firstLine(child))
  return async () => {
    const ended = once(child, 'exit')
    child.stdin.end()
    await ended
  }
}
