import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const LOCK = join(tmpdir(), 'doorward-bench.lock')
const LOOK_MS = 500

let held = false
const release = () => {
  if (held) rmSync(LOCK, { force: true })
  held = false
}
process.once('exit', release)

/** Does `work` while no other benchmark measures on this machine: two at once would measure each other. */
export async function alone<Result>(
  waiting: (pid: number) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  while (!take()) {
    const pid = holder()
    if (pid === null) {
      rmSync(LOCK, { force: true })
      continue
    }
    waiting(pid)
    await pause(LOOK_MS)
  }
  try {
    return await work()
  } finally {
    release()
  }
}

function take(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
    held = true
    return true
  } catch {
    return false
  }
}

/** The process that holds the lock; null where it has ended without giving it back. */
function holder(): number | null {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}
