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
})
