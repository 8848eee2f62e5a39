import { oidc } from '@doorward/client/providers'
import { createKeyRing, type VaultRow } from '@doorward/client/vault'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { createSecrets } from '../../src/keys/secrets.ts'
import { createConnections } from '../../src/upstream/connections.ts'
import { createUpstreams } from '../../src/upstream/providers.ts'
import { testDeps } from '../support/deps.ts'
import { outcome, storedIdentity, tokensFrom, tokensOf } from './stored.ts'

const [OLD, NEW] = ['an old secret, long enough to be one', 'a new secret, long enough to be one']
const clock = () => Math.floor(Date.now() / 1000)
const soon = () => clock() + 3600
const gone = () => clock() - 10

describe('connections', () => {
  let provider: OidcStandIn
  beforeAll(async () => {
    provider = await startOidcProvider({ expiresIn: 0, refreshedExpiresIn: 3600 })
  })
  afterAll(() => provider.stop())

  const settings = (own: { id?: string; issuer?: string } = {}) => {
    const { issuer, clientId, clientSecret } = provider
    const options = {
      id: 'corp',
      name: 'Corp',
      issuer,
      clientId,
      clientSecret,
      scope: 'openid email',
      ...own,
    }
    const wide = { ...options, id: 'wide', scope: 'openid email calendar' }
    return [options, wide].map((one) => ({ ...oidc(one), linkByEmail: true }))
  }
  const given = async (secrets: readonly [string, ...string[]] = [OLD]) => {
    const deps = await testDeps()
    const storage = deps.storage
    const open = (
      own: Parameters<typeof settings>[0] = {},
      list: readonly [string, ...string[]] = secrets,
      rows = storage.connections,
    ) => {
      const config = { ...deps.config, providers: settings(own) }
      const upstreams = createUpstreams({ config, secrets: createSecrets(list), clock })
      return createConnections({
        storage: { connections: rows },
        clock,
        ring: createKeyRing(list),
        upstreams,
      })
    }
    return {
      storage,
      open,
      connections: open(),
      identity: await storedIdentity(storage, { provider: 'corp' }),
    }
  }
  const signedIn = () =>
    tokensFrom(provider.issuer, 'http://localhost:4000/login/corp/callback', [
      provider.clientId,
      provider.clientSecret,
    ])
  const refreshes = () =>
    provider.seen.filter(({ parameters }) => parameters.get('grant_type') === 'refresh_token').length

  it('hand out what was kept, with its end and scope, and the latest of two sign-ins', async () => {
    const { connections, identity } = await given()
    const [one, two] = [tokensOf({ expiresAt: soon() }), tokensOf({ expiresAt: soon(), scope: 'openid' })]
    await connections.keep(identity.id, 'corp', one)
    const { accessToken, expiresAt, scope } = one
    expect(await connections.accessToken(identity.id, 'corp')).toEqual({ accessToken, expiresAt, scope })
    await connections.keep(identity.id, 'corp', two)
    expect(await outcome(connections, identity.id)).toBe(two.accessToken)
    await expect(connections.keep(identity.id, 'nobody', one)).rejects.toMatchObject({
      code: 'unknown_provider',
    })
  })

  it('refresh an expired token once for fifty who ask at two nodes, and keep what the provider rotated', async () => {
    const { connections, open, identity } = await given()
    const tokens = await signedIn()
    await connections.keep(identity.id, 'corp', tokens)
    const [before, other] = [refreshes(), open()]
    const got = await Promise.all(
      Array.from({ length: 50 }, (_, at) => outcome(at % 2 === 0 ? connections : other, identity.id)),
    )
    expect(new Set(got).size).toBe(1)
    expect(got[0]).toMatch(/^access-/)
    expect(got[0]).not.toBe(tokens.accessToken)
    expect(refreshes()).toBe(before + 1)
  })

  it('forget what the provider refuses to renew, and know it again after a new sign-in', async () => {
    const { connections, storage, identity } = await given()
    await connections.keep(identity.id, 'corp', await signedIn())
    provider.misbehave('refresh-refused')
    onTestFinished(() => provider.misbehave(null))
    expect(await outcome(connections, identity.id)).toBe('refresh_refused')
    expect(await storage.connections.find(identity.id)).toBeNull()
    expect(await outcome(connections, identity.id)).toBe('session_missing')
    expect(await storage.identities.ofUser(identity.userId)).toHaveLength(1)
    await connections.keep(identity.id, 'corp', tokensOf({ expiresAt: soon() }))
    expect(await outcome(connections, identity.id)).toMatch(/^access-/)
  })

  it('keep the refresh token of before where a sign-in brings none, of the same provider alone', async () => {
    const { connections, open, identity, storage } = await given()
    await connections.keep(identity.id, 'corp', await signedIn())
    const bare = () => tokensOf({ refreshToken: null, expiresAt: gone() })
    await connections.keep(identity.id, 'corp', bare())
    expect(await outcome(connections, identity.id)).toMatch(/^access-/)
    await open({ id: 'other' }).keep(identity.id, 'other', bare())
    expect(await outcome(open({ id: 'other' }), identity.id, 'other')).toBe('refresh_token_missing')
    expect((await storage.connections.find(identity.id))?.expiresAt).toBeLessThan(clock())
  })

  it('keep it also where somebody who is refreshing takes longer than a sign-in can wait', async () => {
    const { connections, identity, storage } = await given()
    await connections.keep(identity.id, 'corp', await signedIn())
    const row = await storage.connections.find(identity.id)
    const lease = { holder: 'slow', now: clock(), until: clock() + 600 }
    expect(await storage.connections.lease(identity.id, row?.version ?? 0, lease)).toBe(true)
    await connections.keep(identity.id, 'corp', tokensOf({ refreshToken: null, expiresAt: gone() }))
    expect(await outcome(connections, identity.id)).toMatch(/^access-/)
  })

  it('are kept though the provider names an end beyond all time', async () => {
    const { connections, identity } = await given()
    await connections.keep(identity.id, 'corp', tokensOf({ refreshToken: null, expiresAt: 1e300 }))
    expect(await outcome(connections, identity.id)).toMatch(/^access-/)
  })

  it('of one registration are handed out under no other at the same issuer, whose scopes nobody agreed to', async () => {
    const { connections, identity } = await given()
    const tokens = tokensOf({ expiresAt: soon() })
    await connections.keep(identity.id, 'wide', tokens)
    // As it stands where a process was killed between the sign-in under the other id and keeping its tokens.
    expect(await outcome(connections, identity.id, 'corp')).toBe('unknown_provider')
    expect(await outcome(connections, identity.id, 'wide')).toBe(tokens.accessToken)
  })

  it('send nothing to another provider that took the id of theirs', async () => {
    const elsewhere = await startOidcProvider()
    onTestFinished(() => elsewhere.stop())
    const { connections, open, identity, storage } = await given()
    await connections.keep(identity.id, 'corp', await signedIn())
    const moved = open({ issuer: elsewhere.issuer })
    expect(await outcome(moved, identity.id)).toBe('unknown_provider')
    await moved.forget(identity.id, () => storage.connections.delete(identity.id))
    expect(elsewhere.seen).toEqual([])
  })

  it('are revoked at the provider once their identity is unlinked, and not before', async () => {
    const { connections, storage, identity } = await given()
    const tokens = { ...(await signedIn()), expiresAt: soon() }
    await connections.keep(identity.id, 'corp', tokens)
    const unlink = (others: readonly string[]) => () =>
      storage.identities.delete(identity.id, identity.userId, others)
    const revocations = () => provider.seen.filter(({ path }) => path === '/revoke').length
    const before = revocations()
    await storage.users.setPassword(identity.userId, 'hash', clock())
    expect(await connections.forget(identity.id, async () => 'last')).toBe('last')
    expect([revocations(), await outcome(connections, identity.id)]).toEqual([before, tokens.accessToken])
    expect(await connections.forget(identity.id, unlink([]))).toBe('deleted')
    expect(await storage.connections.find(identity.id)).toBeNull()
    const revoked = provider.seen
      .filter(({ path }) => path === '/revoke')
      .map(({ parameters }) => parameters.get('token'))
    expect(revoked.slice(before)).toEqual(expect.arrayContaining([tokens.refreshToken, tokens.accessToken]))
  })

  it('that come when their identity is gone are revoked, and kept nowhere', async () => {
    const { connections, open, storage, identity } = await given()
    await connections.keep(identity.id, 'corp', await signedIn())
    // The person unlinks the account in the moment in which the answer is stored.
    const unlinked = {
      ...storage.connections,
      replace: async (row: VaultRow) => {
        await storage.connections.delete(identity.id)
        return storage.connections.replace(row)
      },
    }
    const before = provider.seen.length
    expect(await outcome(open({}, [OLD], unlinked), identity.id)).toBe('session_missing')
    const later = provider.seen.slice(before)
    const revoked = later
      .filter(({ path }) => path === '/revoke')
      .map(({ parameters }) => parameters.get('token'))
    expect(revoked.filter((token) => token?.startsWith('access-'))).toHaveLength(1)
    expect(revoked.filter((token) => token?.startsWith('refresh-'))).toHaveLength(1)
    expect(await storage.connections.find(identity.id)).toBeNull()
  })

  it('come under a new secret without a pause, and then need the old one no more', async () => {
    const { connections, open, identity } = await given()
    const tokens = tokensOf({ expiresAt: soon() })
    await connections.keep(identity.id, 'corp', tokens)
    const [both, young] = [open({}, [NEW, OLD]), open({}, [NEW])]
    expect(await outcome(young, identity.id)).toBe('tokens_not_opened')
    expect(await young.countClosed()).toBe(1)
    expect(await outcome(both, identity.id)).toBe(tokens.accessToken)
    expect([await both.reseal(), await both.reseal(), await both.countClosed()]).toEqual([1, 0, 0])
    expect(await outcome(young, identity.id)).toBe(tokens.accessToken)
    expect(await outcome(connections, identity.id)).toBe('tokens_not_opened')
  })

  it('of one identity open under no other', async () => {
    const { connections, storage, identity } = await given()
    await connections.keep(identity.id, 'corp', tokensOf({ expiresAt: soon() }))
    const thief = await storedIdentity(storage, { provider: 'corp' })
    const row = await storage.connections.find(identity.id)
    if (row === null) throw new Error('nothing was kept')
    await storage.connections.put({ ...row, ref: thief.id })
    expect(await outcome(connections, thief.id)).toBe('tokens_not_opened')
  })
})
