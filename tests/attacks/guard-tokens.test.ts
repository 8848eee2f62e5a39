import { createServer, request } from 'node:http'
import { requireToken as expressGuard } from '@doorward/guard/express'
import { requireToken as fastifyGuard } from '@doorward/guard/fastify'
import { requireToken as fetchGuard } from '@doorward/guard/fetch'
import { requireToken as honoGuard } from '@doorward/guard/hono'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  goodTokens,
  wrongAlgorithms,
  wrongClaims,
  wrongForms,
  wrongKeys,
  wrongSignatures,
} from './guard-forgeries.ts'
import { AUDIENCE, type Parties, startParties } from './guard-issuer.ts'

type Listener = Parameters<typeof createServer>[1]
type Answer = { status: number; challenge: string; text: string }

/** The same route, `GET /orders`, behind each of the adapters, as a listener of node:http. */
const adapters: Record<string, (issuer: string) => Promise<Listener>> = {
  express: async (issuer) => {
    const app = express()
    app.get('/orders', expressGuard({ issuer, audience: AUDIENCE }), (req, res) => {
      res.json({ subject: req.auth?.subject })
    })
    return app
  },
  fastify: async (issuer) => {
    const app = fastify()
    const onRequest = fastifyGuard({ issuer, audience: AUDIENCE })
    app.get('/orders', { onRequest }, async ({ auth }) => ({ subject: auth?.subject }))
    await app.ready()
    return (incoming, outgoing) => app.routing(incoming, outgoing)
  },
  hono: async (issuer) => {
    const app = new Hono()
    app.get('/orders', honoGuard({ issuer, audience: AUDIENCE }), (c) =>
      c.json({ subject: c.get('auth').subject }),
    )
    return getRequestListener(app.fetch)
  },
  fetch: async (issuer) =>
    getRequestListener(
      fetchGuard({ issuer, audience: AUDIENCE })((_request, { subject }) => Response.json({ subject })),
    ),
}

/** One request with exactly these header lines. */
const get = (url: string, headers: readonly string[]): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const lines = ['host', 'api.example', ...headers]
    const sent = request(url, { headers: lines, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      const challenge = String(response.headers['www-authenticate'])
      response.on('end', () => resolve({ status: response.statusCode ?? 0, challenge, text }))
    })
    sent.on('error', reject)
    sent.end()
  })

const parties: Parties = await startParties()
const forgeries = Object.entries({
  ...wrongAlgorithms(parties),
  ...wrongKeys(parties),
  ...wrongSignatures(parties),
  ...wrongForms(parties),
  ...wrongClaims(parties),
})
const good = goodTokens(parties)
const bearer = (token: string) => ['authorization', `Bearer ${token}`]

it('there are more than 60 forgeries, all different', () => {
  expect(new Set(forgeries.map(([, token]) => token)).size).toBe(forgeries.length)
  expect(forgeries.length).toBeGreaterThanOrEqual(60)
})

describe.each(Object.keys(adapters))('%s, RFC 8725 and RFC 9068 §4', (name) => {
  const server = createServer()
  let url = ''

  beforeAll(async () => {
    const listener = await adapters[name]?.(parties.issuer)
    if (listener !== undefined) server.on('request', listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/orders`
  })
  afterAll(() => {
    server.close()
  })

  it.each(Object.entries(good))('lets a good %s token pass: the control', async (_alg, token) => {
    expect(await get(url, bearer(token))).toMatchObject({ status: 200, text: '{"subject":"u_1"}' })
  })

  it.each(forgeries)('refuses %s', async (_name, token) => {
    const { status, challenge, text } = await get(url, bearer(Buffer.from(token).toString('latin1')))
    expect([400, 401]).toContain(status)
    expect(challenge).toMatch(/^Bearer error="invalid_(token|request)", error_description="[^"]+"$/)
    expect(JSON.parse(text)).toMatchObject({
      reason: expect.stringMatching(/^[a-z_]+$/),
      message: expect.any(String),
    })
    for (const part of token.split('.').filter(({ length }) => length > 12)) {
      expect(text + challenge).not.toContain(part)
    }
  })

  const token = good.ES256 ?? ''
  it.each<[string, number, readonly string[]]>([
    ['no token', 401, []],
    ['an empty Authorization header', 401, ['authorization', '']],
    ['Bearer and nothing', 400, ['authorization', 'Bearer']],
    ['Bearer and a space', 400, ['authorization', 'Bearer ']],
    ['two good tokens in two headers', 400, [...bearer(token), ...bearer(token)]],
    ['a good token behind another scheme', 400, ['authorization', `Bearer x, Bearer ${token}`]],
    ['two good tokens in one header', 400, ['authorization', `Bearer ${token} ${token}`]],
    ['a good token and a comma', 400, ['authorization', `Bearer ${token},`]],
    ['a good token in quotes', 401, ['authorization', `Bearer "${token}"`]],
    ['a good token as Basic', 401, ['authorization', `Basic ${token}`]],
    ['a good token as DPoP', 401, ['authorization', `DPoP ${token}`]],
    ['a good token without a scheme', 401, ['authorization', token]],
    ['a good token glued to its scheme', 401, ['authorization', `Bearer${token}`]],
    ['a good token in a cookie', 401, ['cookie', `access_token=${token}`]],
    ['a good token in a header of its own', 401, ['x-access-token', token]],
  ])('refuses %s with %i, RFC 6750 §2', async (_name, status, headers) => {
    expect((await get(url, headers)).status).toBe(status)
  })

  it.each([`?access_token=${token}`, `?access%5Ftoken=${token}`, `?a=b&access_token=${token}`])(
    'refuses a good token in the query string, also beside one in its place, RFC 9700 §4.3.2',
    async (query) => {
      expect((await get(url + query, [])).status).toBe(400)
      expect((await get(url + query, bearer(token))).status).toBe(400)
    },
  )

  it('refuses a token larger than the header may be', async () => {
    expect((await get(url, bearer('a'.repeat(17_000)))).status).toBe(431)
  })

  it('still lets a good token pass after all this', async () => {
    expect((await get(url, bearer(token))).status).toBe(200)
  })
})

describe('the attacker’s own server', () => {
  it('was never asked for a key, RFC 8725 §3.10', () => {
    expect(parties.lured).toEqual([])
  })
})

afterAll(() => parties.close())
