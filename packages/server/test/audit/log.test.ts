import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/log.ts'

function logged(write: (audit: ReturnType<typeof createAudit>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(createAudit({ write: (line) => lines.push(line) }))
  return lines.map((line) => JSON.parse(line))
}

describe('createAudit', () => {
  it('writes one line an event, with its fields and a time', () => {
    const [line] = logged((audit) =>
      audit.record({ event: 'token.issued', clientId: 'c', userId: null, ip: '192.0.2.1' }),
    )
    expect(line).toEqual({
      level: 30,
      time: expect.stringMatching(/Z$/),
      event: 'token.issued',
      clientId: 'c',
      ip: '192.0.2.1',
    })
  })

  it('writes refusals as warnings', () => {
    const [line] = logged((audit) => audit.record({ event: 'sign_in.failed', reason: 'password_wrong' }))
    expect(line).toMatchObject({ level: 40, reason: 'password_wrong' })
  })

  it('writes only the fields an event has, whatever comes along in the object', () => {
    const event = { event: 'sign_in.failed' as const, password: 'hunter2', token: 'abc' }
    expect(JSON.stringify(logged((audit) => audit.record(event)))).not.toMatch(/hunter2|abc/)
  })

  it('keeps line breaks out of the line, so that no event can be forged', () => {
    const lines: string[] = []
    createAudit({ write: (line) => lines.push(line) }).record({
      event: 'token.refused',
      clientId: 'x\n{"event":"forged"}',
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd().split('\n')).toHaveLength(1)
  })

  it('writes a fault with kind, place and causes, and leaves out what looks like a token', () => {
    const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl'
    const cause = new TypeError(`cannot read ${token}, "hunter2"`, {
      cause: new Error('aGVsbG8gd29ybGQgMTIzNDU2'),
    })
    const [line] = logged((audit) => audit.fault('ref1', cause))
    expect(line).toMatchObject({
      level: 50,
      event: 'fault',
      reference: 'ref1',
      kind: 'TypeError',
      message: 'cannot read [left out], "[left out]"',
    })
    expect(JSON.stringify(line)).toContain('log.test.ts')
    expect(JSON.stringify(line)).not.toMatch(/eyJ|aGVsbG8|hunter2/)
  })

  it('takes whatever is thrown', () => {
    expect(logged((audit) => audit.fault(null, 'a secret text'))[0]).toMatchObject({ kind: 'string' })
    expect(JSON.stringify(logged((audit) => audit.fault(null, 'a secret text')))).not.toContain(
      'a secret text',
    )
  })
})

describe('the log on stderr', () => {
  const program = fileURLToPath(new URL('./programs/logging.ts', import.meta.url))
  const read = async (stream: Readable | null) => (stream === null ? '' : text(stream))
  /** Runs a program that logs a thousand lines to `stderr`. */
  const start = (stderr: 'pipe' | number, args: readonly string[] = []) => {
    const child = spawn(process.execPath, ['--conditions=@doorward/source', program, ...args], {
      stdio: ['pipe', 'pipe', stderr],
    })
    return { child, said: read(child.stdout), exited: once(child, 'close') }
  }
  const linesOf = async ({ child }: ReturnType<typeof start>) =>
    (await read(child.stderr)).split('\n').slice(0, -1)

  it('has every line where it can be written, and none where the log is off', async () => {
    const lines = await linesOf(start('pipe'))
    expect(lines).toHaveLength(1_006)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'server.stopped' })
    const silent = start('pipe', ['off'])
    expect(await linesOf(silent)).toEqual([])
    expect(await silent.said).toBe('begins\nends well\n')
  })

  it('holds 16 MiB for a reader that stalls, and says how many lines were lost once it goes on', async () => {
    const flood = start('pipe', ['flood'])
    const { stdout, stderr, stdin } = flood.child
    if (stdout === null) throw new Error('no pipe')
    for await (const line of createInterface(stdout)) if (line === 'flooded') break
    const lines: Record<string, unknown>[] = []
    for await (const line of createInterface(stderr ?? stdout)) {
      lines.push(JSON.parse(line))
      if (lines.at(-1)?.event === 'log.dropped') stdin?.end()
    }
    const dropped = Number(lines.find(({ event }) => event === 'log.dropped')?.count)
    expect(dropped).toBeGreaterThan(0)
    // All the others, that line itself, and the last one.
    expect(lines).toHaveLength(200_000 - dropped + 2)
    expect(lines.at(-1)).toMatchObject({ event: 'server.stopped' })
  })

  it('on a full disk (ENOSPC) loses lines, and the process goes on and ends well', async () => {
    const full = await open('/dev/full', 'w')
    const { said, exited } = start(full.fd)
    expect(await said).toBe('begins\nends well\n')
    expect(await exited).toEqual([0, null])
    await full.close()
  })

  it('whose reader has gone (EPIPE) is given up, and the process goes on and ends well', async () => {
    const { child, said, exited } = start('pipe')
    child.stderr?.destroy()
    expect(await said).toBe('begins\nends well\n')
    expect(await exited).toEqual([0, null])
  })
})
