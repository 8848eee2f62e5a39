import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { pauseBefore } from '../../src/mounting/workers.ts'

describe('pauseBefore', () => {
  it('doubles with every early end in a row, from a quarter of a second to half a minute', () => {
    expect([1, 2, 3, 7, 8, 50].map(pauseBefore)).toEqual([250, 500, 1_000, 16_000, 30_000, 30_000])
  })
})

describe('startWorkers', () => {
  it('kills a worker that does not end in time, and says so and puts it on record', async () => {
    const program = fileURLToPath(new URL('./programs/primary.ts', import.meta.url))
    const args = ['--conditions=@doorward/source', program]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 })
    const [line = '', told] = stdout.trim().split('\n')
    expect(JSON.parse(line)).toMatchObject({ level: 40, event: 'worker.ended', exit: 'SIGKILL' })
    expect(told).toBe('A worker ended badly (SIGKILL).')
  })
})
