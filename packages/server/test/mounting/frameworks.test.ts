import { createServer } from 'node:http'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Doorward } from '../../src/doorward.ts'
import { createDoorward } from '../../src/main.ts'
import { testFolder } from '../support/deps.ts'

type Mount = (auth: Doorward, port: number) => Promise<void>

function listen(server: ServerType, port: number): Promise<void> {
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
}

const FRAMEWORKS: readonly [string, Mount][] = [
  [
    'Express, behind its own body parser',
    async (auth, port) => {
      const app = express().use(express.urlencoded(), auth.express())
      app.get('/own', (_request, response) => void response.send('own'))
      await listen(createServer(app), port)
    },
  ],
  [
    'Fastify',
    async (auth, port) => {
      const app = fastify({ forceCloseConnections: true })
      onTestFinished(() => app.close())
      await app.register(auth.fastify())
      app.get('/own', async () => 'own')
      await app.listen({ port, host: '127.0.0.1' })
    },
  ],
  [
    'Hono',
    async (auth, port) => {
      const app = new Hono().use(auth.hono()).get('/own', (context) => context.text('own'))
      await listen(createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }), port)
    },
  ],
]

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe.each(FRAMEWORKS)('mounted in %s, under a path', (_name, mount) => {
  const start = async () => {
    const port = await freePort()
    const issuer = `http://localhost:${port}/auth`
    const auth = await createDoorward({ issuer, database: await testFolder(), log: false })
    onTestFinished(() => auth.close())
    await mount(auth, port)
    return { auth, issuer, origin: `http://localhost:${port}` }
  }

  it("answers at the issuer's path and at the RFC 8414 address; the app keeps the rest", async () => {
    const { issuer, origin } = await start()
    for (const address of [
      `${issuer}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server/auth`,
    ]) {
      expect(await (await fetch(address)).json()).toMatchObject({ issuer })
    }
    expect(await (await fetch(`${origin}/own`)).text()).toBe('own')
    expect((await fetch(`${origin}/.well-known/openid-configuration`)).status).toBe(404)
  })

  it('gives tokens for a form, and HEAD, OPTIONS and wrong methods are its own to answer', async () => {
    const { auth, issuer } = await start()
    await auth.resources.create({ uri: 'https://api.example.com', scopes: ['read'] })
    const metadata = {
      client_name: 'Robot',
      grant_types: ['client_credentials'],
      response_types: [],
      scope: 'read',
    }
    const { client, secret } = await auth.clients.create(metadata)
    const authorization = `Basic ${btoa(`${client.id}:${secret}`)}`
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      resource: 'https://api.example.com',
    })
    const issued = await fetch(`${issuer}/oauth/token`, { method: 'POST', headers: { authorization }, body })
    expect([issued.status, await issued.json()]).toEqual([
      200,
      expect.objectContaining({ token_type: 'Bearer' }),
    ])
    const wrong = await fetch(`${issuer}/oauth/token`, { method: 'PUT' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')])
    expect((await fetch(`${issuer}/oauth/jwks`, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(`${issuer}/oauth/token`, { method: 'OPTIONS' })).status).toBeLessThan(300)
  })

  it('shows pages with all that they need', async () => {
    const { issuer } = await start()
    const page = await fetch(`${issuer}/login`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const [, stylesheet = ''] = /href="([^"]+\.css[^"]*)"/.exec(await page.text()) ?? []
    expect(stylesheet).toMatch(/^\/auth\/assets\//)
    expect((await fetch(new URL(stylesheet, issuer))).status).toBe(200)
  })
})
