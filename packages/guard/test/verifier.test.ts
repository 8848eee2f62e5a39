import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createVerifier, GuardOptionError, type Verifier, type VerifierOptions } from '../src/index.ts'
import { AUDIENCE, answer, createTestIssuer, ISSUER, type TestIssuer } from './issuer.ts'

const JWKS = `${ISSUER}/jwks`
let issuer: TestIssuer
let verifier: Verifier

const verifierWith = (options: Partial<VerifierOptions> = {}): Verifier =>
  createVerifier({ issuer: ISSUER, audience: AUDIENCE, fetch: issuer.fetch, clock: issuer.clock, ...options })
const judge = async (token: string, by = verifier): Promise<string> => {
  const { refusal } = await by.verify(token)
  return refusal === null ? 'good' : `${refusal.status} ${refusal.reason}`
}
const fetches = (): number => issuer.asked.filter((address) => address === JWKS).length

beforeEach(() => {
  issuer = createTestIssuer()
  verifier = verifierWith()
})

describe('a verified token', () => {
  it('says who calls, RFC 9068 §2.2', async () => {
    const { auth } = await verifier.verify(issuer.mint({ email: 'a@example.com' }))
    expect(auth).toMatchObject({
      subject: 'u_1',
      clientId: 'app',
      scopes: ['read', 'write'],
      roles: ['member'],
      permissions: ['orders:write'],
      expiresAt: issuer.now + 600,
      claims: { email: 'a@example.com', iss: ISSUER },
    })
  })

  it('cannot be changed by one handler for the next', async () => {
    const { auth } = await verifier.verify(issuer.mint({ address: { country: 'NL' } }))
    for (const part of [auth, auth?.scopes, auth?.claims, auth?.claims.address]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it.each<[string, object, string | undefined, string]>([
    ['of another issuer', { iss: 'https://evil.example' }, undefined, '401 token_issuer_wrong'],
    ['for another API', { aud: 'https://other.example' }, undefined, '401 token_audience_wrong'],
    ['that has expired', { exp: 1_800_000_000 }, undefined, '401 token_expired'],
    ['that is not valid yet', { nbf: 1_800_000_001 }, undefined, '401 token_not_yet_valid'],
    ['without client_id', { client_id: undefined }, undefined, '401 token_claim_missing'],
    ['with roles that are a text', { roles: 'admin' }, undefined, '401 token_claim_malformed'],
    ['that is an ID token, RFC 8725 §3.11', {}, 'JWT', '401 token_typ_wrong'],
    ['bound to a DPoP key, RFC 9449 §7.1', { cnf: { jkt: 'x' } }, undefined, '401 token_bound'],
    ['bound to a certificate, RFC 8705 §3', { cnf: { 'x5t#S256': 'x' } }, undefined, '401 token_bound'],
  ])('is refused %s', async (_name, change, typ, verdict) => {
    expect(await judge(issuer.mint(change, typ))).toBe(verdict)
  })

  it('is accepted within the tolerance of clocks, and for one of several audiences', async () => {
    const tolerant = verifierWith({ clockToleranceSeconds: 10, audience: ['https://x.example', AUDIENCE] })
    expect(await judge(issuer.mint({ exp: issuer.now - 9 }), tolerant)).toBe('good')
    expect(await judge(issuer.mint({ exp: issuer.now - 10 }), tolerant)).toBe('401 token_expired')
  })

  it('is refused with an algorithm that is not listed, before any key is fetched', async () => {
    expect(await judge(issuer.mint(), verifierWith({ algorithms: ['RS256'] }))).toBe(
      '401 token_alg_not_allowed',
    )
    expect(issuer.asked).toEqual([])
  })

  it('option mistakes throw where it is made', () => {
    expect(() => createVerifier({ issuer: 'http://id.example', audience: AUDIENCE })).toThrow(
      GuardOptionError,
    )
  })
})

describe('the memory', () => {
  it('spares the signature, and still checks the time on each use', async () => {
    const token = issuer.mint()
    const [first, second] = [await verifier.verify(token), await verifier.verify(token)]
    expect(second.auth).toBe(first.auth)
    issuer.now += 599
    expect(await judge(token)).toBe('good')
    issuer.now += 1
    expect(await judge(token)).toBe('401 token_expired')
  })

  it('knows the whole token: another signature over the same claims is not remembered', async () => {
    const token = issuer.mint()
    expect(await judge(token)).toBe('good')
    const [header, claims, signature = ''] = token.split('.')
    const other = `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect(await judge(other)).toBe('401 token_signature_wrong')
  })

  it('is not needed', async () => {
    const without = verifierWith({ cacheSize: 0 })
    const token = issuer.mint()
    const [first, second] = [await without.verify(token), await without.verify(token)]
    expect(second.auth).toEqual(first.auth)
    expect(second.auth).not.toBe(first.auth)
  })

  it('falls with the key: a token of a removed key is refused once the keys were fetched again', async () => {
    const token = issuer.mint()
    expect(await judge(token)).toBe('good')
    issuer.keys = []
    issuer.rotate()
    expect(await judge(issuer.mint())).toBe('good')
    expect(await judge(token)).toBe('401 token_key_unknown')
  })

  it('goes on when all that arrived with it are checked', async () => {
    await judge(issuer.mint())
    const order: string[] = []
    const handler = (token: string) => judge(token).then(() => order.push('goes on'))
    const first = handler(issuer.mint())
    await Promise.resolve().then(() => Promise.resolve())
    const second = handler(issuer.mint())
    order.push('all are checked')
    await Promise.all([first, second])
    expect(order).toEqual(['all are checked', 'goes on', 'goes on'])
  })

  it('does not wait for a clock that a test of an app has replaced', async () => {
    await judge(issuer.mint())
    vi.useFakeTimers()
    try {
      expect(await judge(issuer.mint())).toBe('good')
    } finally {
      vi.useRealTimers()
    }
  })

  it('that is remembered goes on at once', async () => {
    const token = issuer.mint()
    await judge(token)
    expect(verifier.verify(token)).not.toBeInstanceOf(Promise)
  })

  it('survives a refresh that brings the same keys', async () => {
    const token = issuer.mint()
    const first = await verifier.verify(token)
    issuer.now += 300
    await verifier.verify(token)
    await expect.poll(fetches).toBe(2)
    expect((await verifier.verify(token)).auth).toBe(first.auth)
  })
})

describe('keys', () => {
  it('are fetched once for all who ask at the same time', async () => {
    const tokens = Array.from({ length: 20 }, () => issuer.mint())
    expect(await Promise.all(tokens.map((token) => judge(token)))).toEqual(tokens.map(() => 'good'))
    expect(await judge(issuer.mint())).toBe('good')
    expect(issuer.asked).toEqual([`${ISSUER}/.well-known/openid-configuration`, JWKS])
  })

  it('come from jwksUri without discovery, where it is given', async () => {
    expect(await judge(issuer.mint(), verifierWith({ jwksUri: JWKS }))).toBe('good')
    expect(issuer.asked).toEqual([JWKS])
  })

  it('are found by RFC 8414 where OpenID Connect Discovery has nothing', async () => {
    issuer.behaviour = (address) => {
      if (address === `${ISSUER}/.well-known/oauth-authorization-server`) {
        return Response.json({ issuer: ISSUER, jwks_uri: JWKS })
      }
      return address === JWKS ? answer(address, issuer.keys) : new Response('', { status: 404 })
    }
    expect(await judge(issuer.mint())).toBe('good')
  })

  it('are refreshed in the background when they are stale: nobody waits', async () => {
    await verifier.verify(issuer.mint())
    issuer.now += 300
    const fetched = Promise.withResolvers<void>()
    issuer.behaviour = (address) => fetched.promise.then(() => answer(address, issuer.keys))
    expect(await judge(issuer.mint())).toBe('good')
    fetched.resolve()
    await expect.poll(fetches).toBe(2)
  })

  it('rotate: a new kid causes one fetch, shared by all who bring it', async () => {
    expect(await judge(issuer.mint())).toBe('good')
    issuer.rotate()
    const tokens = Array.from({ length: 20 }, () => issuer.mint())
    expect(await Promise.all(tokens.map((token) => judge(token)))).toEqual(tokens.map(() => 'good'))
    expect(fetches()).toBe(2)
  })

  it('cool down: a flood of unknown kids costs the issuer one fetch in 30 seconds', async () => {
    expect(await judge(issuer.mint())).toBe('good')
    const strangers = Array.from({ length: 50 }, () => createTestIssuer().mint())
    for (const token of strangers) expect(await judge(token)).toBe('401 token_key_unknown')
    expect(fetches()).toBe(2)
    issuer.now += 30
    for (const token of strangers) expect(await judge(token)).toBe('401 token_key_unknown')
    expect(fetches()).toBe(3)
  })

  it('are not fetched for tokens that are bad anyway', async () => {
    for (const change of [{ exp: 1 }, { iss: 'x' }, { aud: 'x' }]) await judge(issuer.mint(change))
    await judge('a.b.c')
    expect(issuer.asked).toEqual([])
  })
})

describe('while the issuer is down', () => {
  const down = () => Promise.reject(new TypeError('fetch failed'))

  it('and there are no keys yet: 503 with Retry-After, and recovery after it', async () => {
    issuer.behaviour = down
    const { refusal } = await verifier.verify(issuer.mint())
    expect(refusal).toMatchObject({ status: 503, reason: 'issuer_unreachable', retryAfter: 1 })
    const asked = issuer.asked.length
    expect(await judge(issuer.mint())).toBe('503 issuer_unreachable')
    expect(issuer.asked).toHaveLength(asked)
    issuer.behaviour = null
    issuer.now += 1
    expect(await judge(issuer.mint())).toBe('good')
  })

  it('a token that is malformed, expired or for somebody else is still 401', async () => {
    issuer.behaviour = down
    expect(await judge('nonsense')).toBe('401 token_malformed')
    expect(await judge(issuer.mint({ exp: 1 }))).toBe('401 token_expired')
  })

  it('the last good keys keep working, for old tokens and new ones', async () => {
    const token = issuer.mint()
    expect(await judge(token)).toBe('good')
    issuer.behaviour = down
    for (let minute = 0; minute < 60; minute += 1) {
      issuer.now += 60
      expect(await judge(issuer.mint())).toBe('good')
    }
    expect(await judge(token)).toBe('401 token_expired')
  })

  it('an unknown key is 401, not 503: the known ones are not it', async () => {
    expect(await judge(issuer.mint())).toBe('good')
    issuer.behaviour = down
    issuer.rotate()
    expect(await judge(issuer.mint())).toBe('401 token_key_unknown')
  })

  it.each<[string, (address: string) => Response, string]>([
    ['it answers 500', () => new Response('', { status: 500 }), '503 issuer_unreachable'],
    ['it answers HTML', () => new Response('<html>'), '503 issuer_unreadable'],
    [
      'it is another issuer',
      () => Response.json({ issuer: `${ISSUER}/`, jwks_uri: JWKS }),
      '503 issuer_mismatch',
    ],
    [
      'its keys are http',
      () => Response.json({ issuer: ISSUER, jwks_uri: 'http://id.example' }),
      '503 issuer_unreadable',
    ],
    [
      'its keys are no key set',
      (address) => (address === JWKS ? Response.json([]) : answer(address, [])),
      '503 issuer_unreadable',
    ],
  ])('or speaks nonsense, the cause is named: %s', async (_name, behaviour, verdict) => {
    issuer.behaviour = behaviour
    expect(await judge(issuer.mint())).toBe(verdict)
  })
})
