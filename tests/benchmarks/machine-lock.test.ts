import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { alone } from '../../benchmarks/src/machine-lock.ts'

/** An address that no benchmark and no other run of these tests uses. */
const address = (test: string) => `\0doorward-test-${process.pid}-${test}`

describe('the lock of the machine', () => {
  it('lets one benchmark measure at a time, and tells the others whom they wait for', async () => {
    const lock = address('turns')
    const order: string[] = []
    const holders: string[] = []
    const first = Promise.withResolvers<void>()
    const measure = (name: string, until?: Promise<void>) =>
      alone(
        (pid) => {
          holders.push(pid)
          first.resolve()
        },
        async () => {
          order.push(`${name} begins`)
          await until
          order.push(`${name} ends`)
        },
        lock,
      )
    await Promise.all([measure('one', first.promise), measure('other')])
    expect(order).toEqual(['one begins', 'one ends', 'other begins', 'other ends'])
    expect(new Set(holders)).toEqual(new Set([String(process.pid)]))
  })

  it('is free again when its holder was killed', async () => {
    const lock = address('killed')
    const program = `require('node:net').createServer().listen(${JSON.stringify(lock)}, () => console.log('holds'))`
    const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    const waits = Promise.withResolvers<void>()
    const turn = alone(
      () => waits.resolve(),
      async () => 'measured',
      lock,
    )
    await waits.promise
    holder.kill('SIGKILL')
    expect(await turn).toBe('measured')
  })

  it('is no reason to wait where it can be held by nobody: the failure is told', async () => {
    const nowhere = '/nonexistent/doorward-bench'
    const measured = alone(
      () => {},
      async () => {},
      nowhere,
    )
    await expect(measured).rejects.toThrow(/EACCES|ENOENT/)
  })
})
