import { requireToken } from '@doorward/guard/fetch'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isActive, post } from '../support/flow.ts'
import { type Doorward, databases, type RegisteredClient, startDoorward } from '../support/server.ts'
import { readAccessToken } from '../support/tokens.ts'

describe.each(databases)('key rotation under a running server and guard, on %s', (database) => {
  let server: Doorward
  let machine: RegisteredClient
  let guard: (request: Request) => Response | Promise<Response>

  beforeAll(async () => {
    // A new key may sign as soon as it is published.
    server = await startDoorward({ database, config: { keys: { jwksMaxAgeSeconds: 0 } } })
    await server.json(['resources', 'create', 'https://api.example/', '--scope', 'read'])
    machine = await server.createClient({
      grant_types: ['client_credentials'],
      scope: 'read',
      default_resource: 'https://api.example/',
    })
    const protect = requireToken({ issuer: server.issuer, audience: 'https://api.example/', scope: 'read' })
    guard = protect((_request, auth) => Response.json({ subject: auth.subject }))
  })
  afterAll(() => server.stop())

  const token = async () =>
    String(
      (await post(server, '/oauth/token', { grant_type: 'client_credentials' }, machine)).body.access_token,
    )
  const kidOf = (jwt: string) => String(decodeProtectedHeader(jwt).kid)
  const opens = async (jwt: string) =>
    (await guard(new Request('https://api.example/x', { headers: { authorization: `Bearer ${jwt}` } })))
      .status
  const published = async () => {
    const { keys } = await (await fetch(`${server.issuer}/oauth/jwks`)).json()
    return keys.map(({ kid }: { kid: string }) => kid)
  }

  it('new tokens carry the new key without a restart; tokens of the old one stay good', async () => {
    const before = await token()
    expect(await opens(before)).toBe(200)
    await server.rotateKeys(0)
    await expect.poll(async () => kidOf(await token()), { timeout: 5_000 }).not.toBe(kidOf(before))
    const after = await token()
    await readAccessToken(server, after, 'https://api.example/')
    expect(await opens(after)).toBe(200)
    expect(await opens(before)).toBe(200)
    expect(await isActive(server, machine, before)).toBe(true)
    expect(await published()).toEqual(expect.arrayContaining([kidOf(before), kidOf(after)]))
  })

  it('`keys rotate` publishes the next keys first; the old ones sign until every cache can know them', async () => {
    const [before, keys] = [await token(), await published()]
    await server.json(['keys', 'rotate'])
    await expect.poll(async () => (await published()).length, { timeout: 5_000 }).toBeGreaterThan(keys.length)
    expect(await published()).toEqual(expect.arrayContaining(keys))
    expect(kidOf(await token())).toBe(kidOf(before))
  })

  it('a compromised key is gone at once: from the key set, from signing, from what is accepted', async () => {
    const before = await token()
    await server.json(['keys', 'compromise', kidOf(before), '--yes'])
    await expect.poll(async () => kidOf(await token()), { timeout: 5_000 }).not.toBe(kidOf(before))
    await expect.poll(published, { timeout: 5_000 }).not.toContain(kidOf(before))
    expect(await isActive(server, machine, before)).toBe(false)
    expect(await isActive(server, machine, await token())).toBe(true)
  })

  it('the key set is cacheable and names its version (RFC 9110 §8.8.3, §13.1.2)', async () => {
    const first = await fetch(`${server.issuer}/oauth/jwks`)
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toMatch(/max-age=\d+/)
    expect(etag).toMatch(/^"[^"]+"$/)
    for (const key of (await first.json()).keys) {
      expect(Object.keys(key)).not.toEqual(expect.arrayContaining(['d']))
      expect(key).toMatchObject({ kid: expect.any(String), alg: expect.any(String), use: 'sig' })
    }
    const again = await fetch(`${server.issuer}/oauth/jwks`, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
  })
})
