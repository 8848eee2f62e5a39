import type { OutgoingRequest, OutgoingResponse } from '@doorward/client/outgoing'
import { RefusedAddressError } from '@doorward/client/outgoing'
import { randomToken, sha256 } from '@doorward/core/crypto'
import { LOGOUT_TOKEN_TYP, verifyJwt } from '@doorward/core/jwt'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/events.ts'
import { deliverLogouts } from '../../src/jobs/back-channel-logout.ts'
import { openKeyring } from '../../src/keys/keyring.ts'
import { createClientManagement } from '../../src/management/clients.ts'
import { createUserManagement } from '../../src/management/users.ts'
import { testDeps } from '../support/deps.ts'

const URI = 'https://app.example.com/logout'

/** The RSA key comes about in its own time, so what it says of itself may be the last. */
const lastLogout = (events: readonly AuditEvent[]) =>
  events.findLast(({ event }) => event.startsWith('logout.'))

/** A client with a session that has just ended; `answer` stands for its logout address. */
async function ended(answer: () => Promise<OutgoingResponse>, alg = 'ES256') {
  const base = await testDeps()
  const deps = { ...base, keyring: await openKeyring(base) }
  const user = await createUserManagement(deps).create({ email: 'user@example.com' })
  const { client } = await createClientManagement(deps).create({
    client_name: 'App',
    redirect_uris: ['https://app.example.com/cb'],
    backchannel_logout_uri: URI,
    id_token_signed_response_alg: alg,
  })
  const now = deps.clock()
  const sid = randomToken(16)
  const authentication = { authTime: now, acr: 'aal1', amr: ['pwd'] }
  const times = { createdAt: now, lastSeenAt: now, idleExpiresAt: now + 900, expiresAt: now + 900 }
  const grant = {
    ...authentication,
    clientId: client.id,
    userId: user.id,
    sid,
    scopes: ['openid'],
    resources: [deps.config.issuer],
    claims: { userinfo: [], idToken: [] },
    offline: false,
  }
  const family = { id: randomToken(12), grant, createdAt: now, expiresAt: now + 900, revokedAt: null }
  await deps.storage.families.insertWithSession(
    { ...authentication, ...times, sid, userId: user.id },
    sha256(randomToken(32)),
    family,
    null,
  )
  expect(await deps.storage.sessions.end(sid, now)).toBe(true)
  const sent: OutgoingRequest[] = []
  const safeFetch = (request: OutgoingRequest) => {
    sent.push(request)
    return answer()
  }
  return { deps, sid, user, client, sent, deliver: () => deliverLogouts({ ...deps, safeFetch }) }
}

const status = (code: number) => async () => ({ status: code, headers: {}, body: '' })

describe('deliverLogouts, OpenID Connect Back-Channel Logout', () => {
  it('posts a logout token of §2.4 as a form, and only once', async () => {
    const { deps, sid, user, client, sent, deliver } = await ended(status(200))
    await deliver()
    deps.pass(4_000)
    await deliver()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      url: URI,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const token = new URLSearchParams(sent[0]?.body).get('logout_token') ?? ''
    const { header, claims } = verifyJwt(token, {
      keys: deps.keyring.verificationKeys(),
      typ: [LOGOUT_TOKEN_TYP],
      issuer: deps.config.issuer,
      audience: client.id,
      now: deps.clock() - 4_000,
    })
    expect(header.alg).toBe('ES256')
    expect(claims).toMatchObject({
      sub: user.id,
      sid,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(claims).not.toHaveProperty('nonce')
    expect(lastLogout(deps.events)).toMatchObject({ event: 'logout.delivered', clientId: client.id, sid })
  })

  it("signs as the client's ID tokens are signed", async () => {
    const { sent, deliver } = await ended(status(204), 'RS256')
    await deliver()
    const token = new URLSearchParams(sent[0]?.body).get('logout_token') ?? ''
    expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      alg: 'RS256',
      typ: 'logout+jwt',
    })
  })

  it('tries again after longer and longer waits, then gives up', async () => {
    const { deps, sent, deliver } = await ended(status(500))
    await deliver()
    for (const wait of [5, 30, 120, 600, 3_600]) {
      deps.pass(wait - 1)
      await deliver()
      const before = sent.length
      deps.pass(1)
      await deliver()
      expect(sent.length).toBe(before + 1)
    }
    deps.pass(100_000)
    await deliver()
    expect(sent).toHaveLength(6)
    const reasons = deps.events.flatMap(({ event, reason }) =>
      event === 'logout.undelivered' ? [reason] : [],
    )
    expect(reasons).toEqual([...Array(5).fill('logout_unreachable'), 'logout_given_up'])
  })

  it('records that an address is private', async () => {
    const { deps, deliver } = await ended(() => Promise.reject(new RefusedAddressError('private')))
    await deliver()
    expect(lastLogout(deps.events)).toMatchObject({
      event: 'logout.undelivered',
      reason: 'logout_address_private',
    })
  })

  it('is done by one process where several take deliveries', async () => {
    const { sent, deliver } = await ended(status(200))
    await Promise.all([deliver(), deliver(), deliver()])
    expect(sent).toHaveLength(1)
  })

  it('forgets the delivery of a client that has been deleted', async () => {
    const { deps, client, sent, deliver } = await ended(status(200))
    await deps.storage.clients.delete(client.id, deps.clock())
    await deliver()
    expect(sent).toHaveLength(0)
    expect(deps.faults).toEqual([])
  })
})
