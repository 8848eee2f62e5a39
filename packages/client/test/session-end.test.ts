import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../tests/support/providers/oidc.ts'
import type { ClientOptions, ClientStore, FailureEvent } from '../src/index.ts'
import { appFor, type TestApp } from './app.ts'
import { createSqlitePlace, type Place } from './stores/place.ts'

let provider: OidcStandIn
let place: Place
let store: ClientStore
let ahead = 0

beforeAll(async () => {
  provider = await startOidcProvider({ algorithm: 'ES256', expiresIn: 600 })
  place = await createSqlitePlace()
  store = place.open()
})
afterEach(() => {
  // Or one that revokes nothing would sweep for another.
  for (const { signIn } of apps.splice(0)) signIn.close()
  ahead = 0
  provider.misbehave(null)
})
afterAll(async () => {
  await store.close()
  await place.remove()
  await provider.stop()
})

const clock = (): number => Math.floor(Date.now() / 1000) + ahead

/** Any of them is a process of one app. */
const secret = 'a secret of this test alone, long enough'

const apps: TestApp[] = []

const app = (changes: Partial<ClientOptions> = {}): TestApp => {
  const lifetimes = { sessionIdleSeconds: 1000, sessionSeconds: 3000 }
  const made = appFor(provider, { store, clock, secret, ...lifetimes, ...changes })
  apps.push(made)
  return made
}

/** Somebody who has signed in, and the app that they did it in. */
const signedIn = async (changes: Partial<ClientOptions> = {}) => {
  const { signIn, browser } = app(changes)
  const one = browser()
  await one.signIn('/login/oidc')
  const session = await one.session()
  if (session === null) throw new Error('Nobody is signed in')
  return { signIn, browser: one, session }
}

const asked = (since: number, path: string) => provider.seen.slice(since).filter((seen) => seen.path === path)

describe('the tokens of a session that is over and not swept yet', () => {
  it.each([
    ['too long without a request', 1000],
    ['at its end', 3000],
  ])('are neither handed out nor refreshed: %s', async (_title, seconds) => {
    const { signIn, session } = await signedIn()
    const since = provider.seen.length
    ahead = seconds
    await expect(signIn.getAccessToken(session)).rejects.toMatchObject({ code: 'session_missing' })
    await expect(signIn.tokenFetch(session)(`${provider.issuer}/userinfo`)).rejects.toMatchObject({
      code: 'session_missing',
    })
    expect(asked(since, '/token')).toEqual([])
    expect(await store.vault.find(session.ref)).not.toBeNull()
  })

  it('are refreshed while it lives', async () => {
    const { signIn, session } = await signedIn()
    const since = provider.seen.length
    ahead = 990
    expect(provider.issued).toContain(await signIn.getAccessToken(session))
    expect(asked(since, '/token')).toHaveLength(1)
  })
})

describe('a sign-out while a refresh is under way', () => {
  /** Ends the session when the provider has answered, and before that is stored. */
  const endDuringRefresh = async (changes: Partial<ClientOptions>, end: 'one' | 'all') => {
    const late: ClientStore = {
      ...store,
      vault: {
        ...store.vault,
        replace: async (row) => {
          await (end === 'one'
            ? given.signIn.endSession(given.session)
            : given.signIn.endAllSessions(given.session.user))
          return store.vault.replace(row)
        },
      },
    }
    const given = await signedIn({ store: late, ...changes })
    const since = provider.seen.length
    ahead = 900
    const asking = given.signIn.getAccessToken(given.session)
    await expect(asking).rejects.toMatchObject({ code: 'session_missing' })
    const before = new Set(asked(since, '/token').map(({ parameters }) => parameters.get('refresh_token')))
    const revoked = asked(since, '/revoke').map(({ parameters }) => parameters.get('token') ?? '')
    return { revoked, before }
  }

  it.each(['one', 'all'] as const)('revokes what came back (%s)', async (end) => {
    const issuedBefore = new Set(provider.issued)
    const { revoked, before } = await endDuringRefresh({}, end)
    const fresh = [...provider.issued].filter((token) => !issuedBefore.has(token))
    // The last two that were issued are the ones that nobody has kept.
    const kinds = ['access', 'refresh'].map((kind) => fresh.filter((token) => token.startsWith(kind)).at(-1))
    for (const token of [...kinds, ...before]) expect(revoked).toContain(token)
  })

  it('leaves them where a token takes the whole consent back', async () => {
    const { revoked } = await endDuringRefresh({ revokeAtSignOut: false }, 'one')
    // Those that endSession itself revoked.
    expect(revoked).toHaveLength(2)
  })
})

describe('sessions that end by their time', () => {
  it('are swept beside the requests, and their tokens revoked', async () => {
    const { signIn, session } = await signedIn()
    const refreshToken = [...provider.issued].filter((token) => token.startsWith('refresh')).at(-1)
    const since = provider.seen.length
    ahead = 3001
    // As a process that starts later.
    signIn.close()
    app()
    await expect.poll(() => asked(since, '/revoke').length).toBeGreaterThan(1)
    const revoked = asked(since, '/revoke').map(({ parameters }) => parameters.get('token'))
    expect(revoked).toContain(refreshToken)
    expect(await store.vault.find(session.ref)).toBeNull()
  })
})

describe('a refresh that ends the session', () => {
  it('is told to onError, which no request led to', async () => {
    const told: FailureEvent[] = []
    const { signIn, browser, session } = await signedIn({
      onError: (event) => {
        told.push(event)
        return '/nowhere'
      },
    })
    ahead = 900
    provider.misbehave('refresh-refused')
    const asking = [1, 2, 3].map(() => signIn.getAccessToken(session).catch((error) => error.code))
    expect(await Promise.all(asking)).toEqual(['refresh_refused', 'refresh_refused', 'refresh_refused'])
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      method: null,
      path: null,
      error: { code: 'refresh_refused', provider: 'oidc' },
    })
    expect(await browser.session()).toBeNull()
  })
})
