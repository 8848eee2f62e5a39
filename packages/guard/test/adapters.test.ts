import { createServer, type Server } from 'node:http'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest'
import * as onExpress from '../src/express.ts'
import * as onFastify from '../src/fastify.ts'
import * as onFetch from '../src/fetch.ts'
import * as onHono from '../src/hono.ts'
import type { Auth, GuardOptions } from '../src/index.ts'
import { AUDIENCE, createTestIssuer, ISSUER } from './issuer.ts'

const issuer = createTestIssuer()
const options: GuardOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  scope: 'read',
  fetch: issuer.fetch,
  clock: issuer.clock,
}
const closing: (() => unknown)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

const listening = async (server: Server): Promise<string> => {
  if (!server.listening) await new Promise<void>((resolve) => server.once('listening', resolve))
  closing.push(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

const adapters: Record<string, (options: GuardOptions) => Promise<string>> = {
  express: (options) => {
    const app = express()
    app.get('/must', onExpress.requireToken(options), (req, res) => {
      expectTypeOf(req.auth).toEqualTypeOf<Auth | undefined>()
      res.json({ subject: req.auth?.subject })
    })
    const router = express.Router()
    router.get('/may', onExpress.optionalToken(options), (req, res) => {
      res.json({ subject: req.auth?.subject ?? null })
    })
    app.use(router)
    return listening(app.listen(0, '127.0.0.1'))
  },
  fastify: async (options) => {
    const app = fastify()
    app.get('/must', { onRequest: onFastify.requireToken(options) }, async (request) => {
      expectTypeOf(request.auth).toEqualTypeOf<Auth | undefined>()
      return { subject: request.auth?.subject }
    })
    app.get<{ Querystring: { page: string } }>(
      '/may',
      { onRequest: [onFastify.optionalToken(options)] },
      (request) => ({
        subject: request.auth?.subject ?? null,
      }),
    )
    closing.push(() => app.close())
    return app.listen({ port: 0, host: '127.0.0.1' })
  },
  hono: (options) => {
    const app = new Hono()
    app.get('/must', onHono.requireToken(options), (c) => {
      expectTypeOf(c.get('auth')).toEqualTypeOf<Auth>()
      return c.json({ subject: c.get('auth').subject })
    })
    app.get('/may', onHono.optionalToken(options), (c) => c.json({ subject: c.get('auth')?.subject ?? null }))
    return new Promise<string>((resolve) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
        resolve(`http://127.0.0.1:${port}`),
      )
      closing.push(() => server.close())
    })
  },
  fetch: (options) => {
    const must = onFetch.requireToken(options)((_request, auth, prefix: string) => {
      expectTypeOf(auth).toEqualTypeOf<Auth>()
      return Response.json({ subject: prefix + auth.subject })
    })
    const may = onFetch.optionalToken(options)((_request, auth) =>
      Response.json({ subject: auth?.subject ?? null }),
    )
    const handle = (request: Request) =>
      new URL(request.url).pathname === '/must' ? must(request, '') : may(request)
    const server = createServer(async (incoming, outgoing) => {
      const headers = new Headers()
      for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
        headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '')
      }
      const request = new Request(`http://api.example${incoming.url}`, {
        method: incoming.method ?? 'GET',
        headers,
      })
      const response = await handle(request)
      outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
    })
    return listening(server.listen(0, '127.0.0.1'))
  },
}

describe.each(Object.entries(adapters))('%s', (_name, start) => {
  const base = start(options)
  const get = async (path: string, headers: Record<string, string> | [string, string][] = {}) => {
    const response = await fetch((await base) + path, { headers })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  it('hands the caller to the handler', async () => {
    expect(await get('/must', bearer(issuer.mint()))).toMatchObject({ status: 200, body: { subject: 'u_1' } })
    expect(await get('/may', bearer(issuer.mint()))).toMatchObject({ status: 200, body: { subject: 'u_1' } })
    expect(await get('/may')).toMatchObject({ status: 200, body: { subject: null } })
  })

  it('answers by RFC 6750 §3', async () => {
    const missing = await get('/must')
    expect(missing).toMatchObject({ status: 401, body: { reason: 'token_missing' } })
    expect(missing.body).not.toHaveProperty('error')
    expect(missing.headers.get('www-authenticate')).toBe('Bearer')
    expect(missing.headers.get('content-type')).toMatch(/^application\/json/)
    expect(missing.headers.get('cache-control')).toBe('no-store')

    const expired = await get('/must', bearer(issuer.mint({ exp: issuer.now })))
    expect(expired).toMatchObject({ status: 401, body: { error: 'invalid_token', reason: 'token_expired' } })
    expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"')

    const tooLittle = await get('/must', bearer(issuer.mint({ scope: 'write' })))
    expect(tooLittle).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope', message: 'The token lacks the scope read.' },
    })
    expect(tooLittle.headers.get('www-authenticate')).toContain('scope="read"')

    expect(await get('/may', bearer('x'))).toMatchObject({ status: 401, body: { reason: 'token_malformed' } })
  })

  it('refuses two tokens, and one in the query string, RFC 6750 §2', async () => {
    const token = issuer.mint()
    const twice: [string, string][] = [
      ['authorization', `Bearer ${token}`],
      ['authorization', `Bearer ${token}`],
    ]
    expect((await get('/must', twice)).status).toBe(400)
    expect(await get(`/must?access_token=${token}`)).toMatchObject({
      status: 400,
      body: { reason: 'token_in_query' },
    })
    expect((await get(`/must?access_token=${token}`, bearer(token))).status).toBe(400)
  })

  it('answers 503 with Retry-After where the issuer cannot be reached and no key is known', async () => {
    const cut = createTestIssuer()
    cut.behaviour = () => Promise.reject(new TypeError('fetch failed'))
    const address = await start({ ...options, fetch: cut.fetch, clock: cut.clock })
    const response = await fetch(`${address}/must`, { headers: bearer(cut.mint()) })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(response.headers.has('www-authenticate')).toBe(false)
    expect(await response.json()).toMatchObject({ reason: 'issuer_unreachable' })
  })
})
