import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tokenFetch } from '../../src/refresh/token-fetch.ts'
import { createRefreshing, type Refreshing } from './refreshing.ts'

const seen: { readonly authorization: string | undefined; readonly body: string }[] = []
let accepts = (_authorization: string): boolean => true
const textOf = async (request: IncomingMessage): Promise<string> => (await request.toArray()).join('')
const api = createServer(async (request, response) => {
  const { authorization = '' } = request.headers
  seen.push({ authorization, body: await textOf(request) })
  response.writeHead(accepts(authorization) ? 200 : 401).end('answered')
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/orders`
})
afterAll(() => api.close())

let given: Refreshing
beforeEach(async () => {
  given = await createRefreshing()
  seen.length = 0
  accepts = () => true
})
afterEach(() => given.remove())

describe('a fetch that carries the token', () => {
  it('sends it along, over whatever the caller had in its place', async () => {
    const ref = await given.keep(1000)
    const token = await given.one.getAccessToken(ref)
    const answer = await tokenFetch(ref, given.one)(url, { headers: { authorization: 'Bearer other' } })
    expect([answer.status, await answer.text()]).toEqual([200, 'answered'])
    expect(seen).toEqual([{ authorization: `Bearer ${token}`, body: '' }])
  })

  it.each([
    ['a text', () => ({ body: 'one order' })],
    ['a stream', () => ({ body: new Blob(['one order']).stream(), duplex: 'half' as const })],
  ])('tries once more with a fresh one after a 401, with %s as its body', async (_kind, body) => {
    const ref = await given.keep(1000)
    const old = await given.one.getAccessToken(ref)
    accepts = (authorization) => authorization !== `Bearer ${old}`
    const answer = await tokenFetch(ref, given.one)(url, { method: 'POST', ...body() })
    expect(answer.status).toBe(200)
    expect(seen.map((request) => request.body)).toEqual(['one order', 'one order'])
    expect(given.asked).toHaveLength(1)
  })

  it('tries once more, not twice, and asks the provider no more for a token that has just come', async () => {
    const ref = await given.keep(1000)
    accepts = () => false
    expect((await tokenFetch(ref, given.one)(url)).status).toBe(401)
    expect((await tokenFetch(ref, given.one)(url)).status).toBe(401)
    expect(seen).toHaveLength(3)
    expect(given.asked).toHaveLength(1)
  })

  it.each([null, 1000])(
    "hands the API's 401 on where there is no refresh token, as with every GitHub OAuth app: expiry %s",
    async (expiresIn) => {
      const ref = await given.keep(expiresIn, { refreshToken: null })
      accepts = () => false
      const answer = await tokenFetch(ref, given.one)(url, { method: 'POST', body: 'one order' })
      expect([answer.status, await answer.text()]).toEqual([401, 'answered'])
      expect(seen).toHaveLength(1)
    },
  )

  it('says that the token has expired where it has, and there is no refresh token', async () => {
    const ref = await given.keep(-1, { refreshToken: null })
    await expect(tokenFetch(ref, given.one)(url)).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(seen).toEqual([])
  })

  it('takes a Request as well', async () => {
    const ref = await given.keep(1000)
    await tokenFetch(ref, given.one)(new Request(url, { method: 'PUT', body: 'x' }))
    expect(seen.map((request) => request.body)).toEqual(['x'])
  })

  it('sends no token over http to another machine, RFC 6750 §5.3', async () => {
    const ref = await given.keep(1000)
    const sending = tokenFetch(ref, given.one)('http://192.0.2.1/orders')
    await expect(sending).rejects.toMatchObject({ code: 'token_needs_https' })
  })
})
