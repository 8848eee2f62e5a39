import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const program = (name: string) => fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url))

/** Starts a program; `lines` are what it and its children write until the last of them has ended. */
async function start(name: string, args: readonly string[] = []) {
  const child = spawn(process.execPath, ['--conditions=@doorward/source', program(name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = text(child.stderr)
  const lines: string[] = []
  const reader = createInterface(child.stdout)
  reader.on('line', (line) => lines.push(line))
  const ended = once(reader, 'close')
  const [ready] = await once(reader, 'line')
  const pid = Number(String(ready).split(' ')[1])
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  })
  return { child, lines, said, ended }
}

describe('onShutdown', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'closes once and exits 0 on %s, however often it comes',
    async (signal) => {
      const { child, lines, ended } = await start('ending')
      const exited = once(child, 'exit')
      child.kill(signal)
      child.kill(signal)
      expect(await exited).toEqual([0, null])
      await ended
      expect(lines.slice(1)).toEqual(['closed'])
    },
  )

  it.each([
    ['fails', 'error: The database would not close.\n'],
    ['never', 'error: It did not end within 0.3 s: what was under way is cut off.\n'],
  ])('exits 1 and says why where closing %s', async (how, why) => {
    const { child, lines, said } = await start('ending', [how])
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([1, null])
    expect(await said).toBe(why)
    expect(lines.slice(1)).toEqual([])
  })

  it.each(['shell', 'no shell'])(
    'ends with the npm that started it, killed with SIGKILL, %s between them',
    async (between) => {
      const { child, lines, ended } = await start('parent', [between])
      child.kill('SIGKILL')
      await ended
      expect(lines.slice(1)).toEqual(['closed'])
    },
  )
})
