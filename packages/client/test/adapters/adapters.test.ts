import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { createServer, type RequestListener } from 'node:http'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAgent } from '../../../../tests/support/agent.ts'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { createClient, oidc, type Session, type SignIn } from '../../src/index.ts'

let provider: OidcStandIn
const closing: (() => unknown)[] = []

beforeAll(async () => {
  provider = await startOidcProvider()
})
beforeEach(() => provider.misbehave(null))
afterAll(async () => {
  await Promise.all(closing.map((close) => close()))
  await provider.stop()
})

/** A free port, and the client for an app that will listen there. */
const prepare = async (
  path = '',
): Promise<{ readonly port: number; readonly baseUrl: string; readonly signIn: SignIn }> => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await new Promise((resolve) => probe.close(resolve))
  const baseUrl = `http://127.0.0.1:${port}${path}`
  const { issuer, clientId, clientSecret } = provider
  const signIn = createClient({
    baseUrl,
    secret: randomBytes(32).toString('base64url'),
    providers: [oidc({ issuer, clientId, clientSecret })],
    afterSignIn: `${path}/me`,
    afterSignOut: `${path}/`,
    signOutAtProvider: false,
  })
  return { port, baseUrl, signIn }
}

const whoIs = (session: Session | null | undefined): string => session?.user.email ?? 'nobody'
const listening = async (server: Server, port: number): Promise<void> => {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
}

const apps: Record<string, () => Promise<string>> = {
  express: async () => {
    const { port, baseUrl, signIn } = await prepare()
    const app = express()
    app.use(signIn.express())
    app.get('/', async (req, res) => void res.send(whoIs(await signIn.getSession(req))))
    app.get('/me', signIn.requireSession.express(), (req, res) => void res.send(whoIs(req.signedIn)))
    await listening(createServer(app), port)
    return baseUrl
  },
  'express behind its own body parser, under a path': async () => {
    const { port, baseUrl, signIn } = await prepare('/app')
    const [app, inner] = [express(), express.Router()]
    app.use(express.urlencoded({ extended: true }))
    inner.use(signIn.express())
    inner.get('/', async (req, res) => void res.send(whoIs(await signIn.getSession(req))))
    inner.get('/me', signIn.requireSession.express(), (req, res) => void res.send(whoIs(req.signedIn)))
    app.use('/app', inner)
    await listening(createServer(app), port)
    return baseUrl
  },
  fastify: async () => {
    const { port, baseUrl, signIn } = await prepare()
    const app = fastify()
    await app.register(signIn.fastify())
    app.get('/', async (request) => whoIs(await signIn.getSession(request)))
    app.get('/me', { onRequest: signIn.requireSession.fastify() }, async (request) => whoIs(request.signedIn))
    await app.listen({ port, host: '127.0.0.1' })
    closing.push(() => app.close())
    return baseUrl
  },
  hono: async () => {
    const { port, baseUrl, signIn } = await prepare()
    const app = new Hono()
    app.use(signIn.hono())
    app.get('/', async (c) => c.text(whoIs(await signIn.getSession(c))))
    app.get('/me', signIn.requireSession.hono(), (c) => c.text(whoIs(c.get('signedIn'))))
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
    closing.push(() => server.close())
    return baseUrl
  },
  fetch: async () => {
    const { port, baseUrl, signIn } = await prepare()
    const me = signIn.requireSession.fetch((_request, session) => new Response(whoIs(session)))
    const handle = async (request: Request): Promise<Response> =>
      (await signIn.fetch(request)) ??
      (new URL(request.url).pathname === '/me'
        ? me(request)
        : new Response(whoIs(await signIn.getSession(request))))
    const server = serve({ fetch: handle, port, hostname: '127.0.0.1' })
    closing.push(() => server.close())
    return baseUrl
  },
}

describe.each(Object.entries(apps))('on %s', (_name, start) => {
  let baseUrl: string
  beforeAll(async () => {
    baseUrl = await start()
  })

  /** Opens a page, and follows to the provider and back. */
  const openSignedIn = async (path: string) => {
    const agent = createAgent()
    const leaving = await agent.open(baseUrl + path)
    const answered = await agent.request(agent.location(leaving) ?? '')
    const page = await agent.open(agent.location(answered) ?? '')
    return { agent, page }
  }

  it('people sign in and out', async () => {
    const { agent, page } = await openSignedIn('/login/oidc')
    expect([page.url, page.text]).toEqual([`${baseUrl}/me`, 'janedoe@example.com'])
    expect((await agent.open(`${baseUrl}/`)).text).toBe('janedoe@example.com')
    const out = await agent.request(`${baseUrl}/logout`, {
      method: 'POST',
      headers: { origin: new URL(baseUrl).origin },
    })
    expect([out.status, out.headers.get('location')]).toEqual([303, new URL(`${baseUrl}/`).pathname])
    expect((await agent.open(`${baseUrl}/`)).text).toBe('nobody')
  })

  it('whoever opens a page for people who are signed in comes back to it', async () => {
    const { page } = await openSignedIn('/me?a=b')
    expect([page.url, page.text]).toEqual([`${baseUrl}/me?a=b`, 'janedoe@example.com'])
  })

  it('a program gets 401 there, as JSON', async () => {
    const answer = await fetch(`${baseUrl}/me`, { headers: { accept: 'application/json' } })
    expect([answer.status, await answer.json()]).toMatchObject([401, { reason: 'session_missing' }])
  })

  it('a form is read, whoever else may have read it', async () => {
    const body = new URLSearchParams({ state: 'made-up', code: 'c' })
    const answer = await fetch(`${baseUrl}/login/oidc/callback`, { method: 'POST', body })
    expect([answer.status, await answer.json()]).toMatchObject([400, { reason: 'state_unknown' }])
  })

  it('a failure is a page with its own style', async () => {
    const page = await createAgent().open(`${baseUrl}/login/oidc/callback`)
    expect(page.status).toBe(400)
    const [, style = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? []
    expect((await fetch(new URL(style, baseUrl))).headers.get('content-type')).toBe('text/css; charset=utf-8')
  })
})

describe('several providers', () => {
  it('are all offered where a page needs somebody to be signed in', async () => {
    const { issuer, clientId, clientSecret } = provider
    const one = oidc({ id: 'one', name: 'One & only', issuer, clientId, clientSecret })
    const signIn = createClient({
      baseUrl: 'http://localhost:3000',
      secret: randomBytes(32).toString('base64url'),
      providers: [one, { ...one, id: 'two', name: 'Two' }],
    })
    const handle = signIn.requireSession.fetch(() => new Response('in'))
    const answer = await handle(
      new Request('http://localhost:3000/a?b', { headers: { accept: 'text/html' } }),
    )
    const page = await answer.text()
    expect(answer.status).toBe(401)
    expect(page).toContain(
      '<a class="button" href="/login/one?return_to=%2Fa%3Fb">Sign in with One &amp; only</a>',
    )
    expect(page).toContain('href="/login/two?return_to=%2Fa%3Fb"')
  })
})

describe('headers that the app has set before', () => {
  it.each(['/login/oidc', '/logout', '/login/oidc/callback', '/me'])(
    'go along on Fastify: %s',
    async (path) => {
      const { signIn } = await prepare()
      const app = fastify()
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('Strict-Transport-Security', 'max-age=1').header('Set-Cookie', ['a=1', 'b=2'])
      })
      await app.register(signIn.fastify())
      app.get('/me', { onRequest: signIn.requireSession.fastify() }, async (request) =>
        whoIs(request.signedIn),
      )
      const { headers } = await app.inject({ path, headers: { accept: 'text/html' } })
      expect(headers['strict-transport-security']).toBe('max-age=1')
      expect([headers['set-cookie']].flat().slice(0, 2)).toEqual(['a=1', 'b=2'])
      await app.close()
    },
  )
})

describe('a body', () => {
  it('that something has read and not kept is an error that says so', async () => {
    const { signIn, baseUrl, port } = await prepare()
    const handle = signIn.express()
    const swallow: RequestListener = (request, response) => {
      request.resume().on('end', () => handle(request, response, () => response.writeHead(404).end()))
    }
    await listening(createServer(swallow), port)
    const answer = await fetch(`${baseUrl}/login/oidc/callback`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'b' }),
    })
    expect([answer.status, await answer.json()]).toMatchObject([400, { reason: 'body_unreadable' }])
  })
})
