import { execFileSync, spawnSync } from 'node:child_process'
import { availableParallelism, cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Surroundings } from './results.ts'

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The machine lacks something; the message says what to do. */
export class MachineError extends Error {}

const runs = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).error === undefined

/** Throws MachineError where this machine cannot measure. */
export function checkMachine(): void {
  if (process.platform !== 'linux') {
    throw new MachineError('benchmarks read /proc and pin processes to cores: they need Linux.')
  }
  if (availableParallelism() < 2) {
    throw new MachineError('benchmarks need two processor cores: one for the server, one for the load.')
  }
  if (!runs('wrk', '-v')) {
    throw new MachineError('wrk, which makes the load, is missing. On Debian: apt-get install wrk')
  }
  if (!runs('taskset', '--version')) {
    throw new MachineError('taskset, which pins to cores, is missing. On Debian: apt-get install util-linux')
  }
}

/** Keeps this process, all its threads and children-to-be off the servers' core. */
export function moveToCore(core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)], { stdio: 'ignore' })
}

/** What is known of the place of a measurement. */
export function surroundings(
  settings: Pick<Surroundings, 'rounds' | 'seconds' | 'warmUpSeconds' | 'connections'>,
): Surroundings {
  const { rounds, seconds, warmUpSeconds, connections } = settings
  return {
    measuredAt: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.versions.node,
    kernel: release(),
    revision: revision(),
    rounds,
    seconds,
    warmUpSeconds,
    connections,
  }
}

function revision(): string {
  const git = (...args: readonly string[]) =>
    spawnSync('git', ['-C', ROOT, ...args], { encoding: 'utf8' }).stdout?.trim() ?? ''
  // Results and pages that change beside these say nothing of what is measured.
  const sources = ['packages/*/src/*', 'benchmarks/src', ':(exclude)benchmarks/src/report']
  const measured = ['--', ...sources, 'packages/*/package.json', 'benchmarks/package.json']
  const changed = git('status', '--porcelain', ...measured) !== ''
  const commit = git('log', '-1', '--format=%h', '--abbrev=12', ...measured)
  return `${commit || 'unknown'}${changed ? '+' : ''}`
}
