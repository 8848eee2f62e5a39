import { ClientError, type ClientErrorCode, oidc } from '@doorward/client'
import { describe, expect, it } from 'vitest'
import type { Agent } from '../support/agent.ts'
import { type Fault, faults, isFault } from '../support/providers/faults.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import { type SignInApp, sessionOf, signInAt, startSignInApp } from '../support/sign-in-app.ts'

/** What a request for a token ends in while a refresh goes wrong; null where it does no harm. */
const expected = {
  'refresh-server-error': 'provider_failed',
  'refresh-unavailable': 'provider_failed',
  'refresh-dropped': 'provider_unreachable',
  'refresh-giant': 'answer_too_large',
  'refresh-slow': 'answer_timed_out',
  'refresh-cut-off': 'provider_unreachable',
  'refresh-not-json': 'answer_unreadable',
  'refresh-not-an-object': 'answer_unreadable',
  'refresh-wrong-type': null,
  'refresh-redirects': 'answer_redirected',
  'refresh-refused': 'refresh_refused',
} as const satisfies Partial<Record<Fault, ClientErrorCode | null>>

type Peers = {
  readonly provider: OidcStandIn
  readonly app: SignInApp
  /** Somebody whose access token has expired two hours ago. */
  readonly withExpiredToken: () => Promise<{ readonly agent: Agent; readonly ref: string }>
}

/** A provider and an app, as long as the work takes. */
const withPeers = async (work: (peers: Peers) => Promise<void>): Promise<void> => {
  let ahead = 0
  const provider = await startOidcProvider({ algorithm: 'ES256', expiresIn: 3600 })
  const app = await startSignInApp({
    providers: [oidc(provider)],
    // So long a provider that answers slowly is waited for, each time.
    timeoutSeconds: 1,
    clock: () => Math.floor(Date.now() / 1000) + ahead,
  })
  const withExpiredToken = async () => {
    ahead = 0
    const { agent } = await signInAt(app, 'oidc')
    const session = await sessionOf(app, agent)
    ahead = 3 * 3600
    return { agent, ref: String(session?.ref) }
  }
  try {
    await work({ provider, app, withExpiredToken })
  } finally {
    await app.stop()
    await provider.stop()
  }
}

const tokenOf = ({ signIn }: SignInApp, ref: string): Promise<string> =>
  signIn.getAccessToken({ ref }).catch((error) => {
    if (error instanceof ClientError) return error.code
    throw error
  })

const all = Object.entries(expected).flatMap(([fault, code]) => (isFault(fault) ? [{ fault, code }] : []))

// Each with a provider of its own: they wait before they try again.
describe.concurrent('a provider that misbehaves at a refresh', () => {
  it('can do all that is expected here', () => {
    const names = [...faults.keys()].filter((name) => name.startsWith('refresh-'))
    expect(Object.keys(expected).sort()).toEqual(names.sort())
  })

  it.each(all)('$fault ends in $code', ({ fault, code }) =>
    withPeers(async ({ provider, app, withExpiredToken }) => {
      const { agent, ref } = await withExpiredToken()
      provider.misbehave(fault)
      const told = await tokenOf(app, ref)
      provider.misbehave(null)
      if (code === null) expect(told).toMatch(/^access-/)
      else expect(told).toBe(code)
      // Only a refusal is the end: whatever else went wrong, the same session has its token a moment later.
      if (code === 'refresh_refused') return expect(await sessionOf(app, agent)).toBeNull()
      expect(await sessionOf(app, agent)).not.toBeNull()
      expect(await tokenOf(app, ref)).toMatch(/^access-/)
    }),
  )

  it('that drops every other answer signs nobody out', () =>
    withPeers(async ({ provider, app, withExpiredToken }) => {
      const people = [await withExpiredToken(), await withExpiredToken(), await withExpiredToken()]
      const asked = provider.seen.length
      provider.dropEvery(2)
      for (const { agent, ref } of people) {
        expect(await tokenOf(app, ref)).toMatch(/^access-/)
        expect(await sessionOf(app, agent)).not.toBeNull()
      }
      expect(provider.seen.length - asked).toBeGreaterThan(people.length)
    }))

  it('and that gives another ID token with the answer changes nobody: a wrong one is left out', () =>
    withPeers(async ({ provider, app, withExpiredToken }) => {
      const { agent, ref } = await withExpiredToken()
      const before = await sessionOf(app, agent)
      provider.misbehave('id-token-foreign-key')
      expect(await tokenOf(app, ref)).toMatch(/^access-/)
      provider.misbehave(null)
      expect((await sessionOf(app, agent))?.user).toEqual(before?.user)
    }))
})
