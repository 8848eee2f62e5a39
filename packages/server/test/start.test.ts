import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../src/start.ts'
import { testFolder } from './support/deps.ts'

describe('startServer', () => {
  it('names the issuer by the free port it took, and answers there', async () => {
    const server = await startServer({ port: 0, database: await testFolder(), log: false })
    onTestFinished(() => server.close())
    expect(server.auth.issuer).toBe(`http://localhost:${server.port}`)
    const response = await fetch(`http://127.0.0.1:${server.port}/.well-known/openid-configuration`)
    expect(await response.json()).toMatchObject({ issuer: server.auth.issuer })
  })

  it('frees the port where the server cannot start', async () => {
    const probe = await startServer({ port: 0, database: await testFolder(), log: false })
    await probe.close()
    const started = startServer({
      port: probe.port,
      issuer: 'http://id.example.com',
      database: await testFolder(),
      log: false,
    })
    await expect(started).rejects.toThrow(/issuer must be https/)
    const again = await startServer({ port: probe.port, database: await testFolder(), log: false })
    await again.close()
  })

  it('ends in time with a request that does not, and puts on record that it was cut off', async () => {
    const lines: string[] = []
    const log = { write: (line: string) => lines.push(line) }
    const server = await startServer({ port: 0, database: await testFolder(), log, drainMs: 20 })
    const socket = connect(server.port, '127.0.0.1')
    // A body that never comes to its end.
    socket.write('POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n')
    socket.write('Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n')
    await once(socket, 'data')
    await server.close()
    const cutOff = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'server.cut_off')
    expect(cutOff).toMatchObject([{ level: 40, what: 'connections', count: '1' }])
    expect(lines.at(-1)).toContain('server.stopped')
  })
})
