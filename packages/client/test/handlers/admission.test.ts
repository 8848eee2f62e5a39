import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { appFor, optionsFor } from '../app.ts'

let provider: OidcStandIn

beforeAll(async () => {
  provider = await startOidcProvider()
})
beforeEach(() => provider.misbehave(null))
afterAll(() => provider.stop())

describe('onSignIn', () => {
  it("maps the account to the app's own user", async () => {
    const browser = appFor(provider, {
      onSignIn: async ({ user, tokens }) => ({ userId: `${user.subject}/${tokens.tokenType}` }),
    }).browser()
    await browser.signIn('/login/oidc')
    expect((await browser.session())?.userId).toBe('248289761001/bearer')
  })

  it('refuses with a reason, which the person reads, escaped; the tokens are revoked', async () => {
    const { browser, errors } = appFor(provider, { onSignIn: () => ({ refuse: 'Staff <only>' }) })
    const one = browser()
    const answer = await one.signIn('/login/oidc')
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('Staff &lt;only&gt;')
    expect(errors[0]).toMatchObject({ code: 'sign_in_refused', detail: 'Staff <only>' })
    expect(await one.session()).toBeNull()
    expect(provider.seen.at(-1)?.path).toMatch(/revo/)
  })

  it('that throws signs nobody in, and shows nothing of why', async () => {
    const { browser, errors } = appFor(provider, {
      onSignIn: () => {
        throw new Error('the database said password123')
      },
    })
    const one = browser()
    const answer = await one.signIn('/login/oidc')
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('password123')
    expect(errors[0]).toMatchObject({
      code: 'internal_error',
      cause: new Error('the database said password123'),
    })
    expect(await one.session()).toBeNull()
  })
})

describe('an answer that does not say who signed in', () => {
  const nobody = { subject: '', email: null, emailVerified: false, name: null, picture: null }
  const failing = () => {
    throw new TypeError('no such member')
  }

  it.each([
    ['has no subject', () => nobody],
    ['is none that `profile` can read', failing],
  ])('signs nobody in, and asks the app nothing: it %s', async (_title, profile) => {
    const providers = optionsFor(provider).providers.map((one) => ({ ...one, profile }))
    let asked = 0
    const onSignIn = () => {
      asked += 1
    }
    const { browser, errors } = appFor(provider, { providers, onSignIn })
    const one = browser()
    expect((await one.signIn('/login/oidc')).status).toBe(502)
    expect(errors).toMatchObject([{ code: 'profile_incomplete', provider: 'oidc' }])
    expect([asked, await one.session()]).toEqual([0, null])
  })
})

describe('onError', () => {
  it('is told of each failure, without what the address holds', async () => {
    const events: unknown[] = []
    const { browser } = appFor(provider, { onError: (event) => void events.push(event) })
    await browser().ask('/login/oidc/callback?code=secret&state=made-up')
    expect(events).toMatchObject([
      { error: { code: 'state_unknown', provider: 'oidc' }, method: 'GET', path: '/login/oidc/callback' },
    ])
    expect(JSON.stringify(events)).not.toContain('secret')
  })

  it('may send the browser somewhere else', async () => {
    const { browser } = appFor(provider, { onError: async ({ error }) => `/problem?cause=${error.code}` })
    const answer = await browser().ask('/login/oidc/callback')
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/problem?cause=callback_malformed',
    ])
  })

  it('that throws leaves the page as it would be', async () => {
    const { browser } = appFor(provider, {
      onError: async () => {
        throw new Error('no log')
      },
    })
    expect((await browser().ask('/login/oidc/callback')).status).toBe(400)
  })
})

describe('the error page', () => {
  it("names cause and fix, with the provider's own words escaped", async () => {
    provider.misbehave('access-denied')
    const answer = await appFor(provider).browser().signIn('/login/oidc')
    const page = await answer.text()
    expect(answer.status).toBe(403)
    expect(page).toContain('access_denied: &lt;script&gt;alert(1)&lt;/script&gt; said no')
    expect(page).not.toContain('<script')
    expect(page).toContain('<code>access_denied</code>')
    expect(page).toContain('href="/login/oidc">Start again')
  })

  it('loads nothing but its own style, is never framed, and tells its address to nobody', async () => {
    const browser = appFor(provider).browser()
    const answer = await browser.ask('/login/oidc/callback')
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const page = await answer.text()
    expect(page).not.toMatch(/ style=|<style|<script/)
    const [, style = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page) ?? []
    const css = await browser.ask(style)
    expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(await css.text()).toContain('prefers-color-scheme: dark')
  })

  it('is JSON for programs', async () => {
    const answer = await appFor(provider)
      .browser()
      .ask('/login/oidc/callback', { headers: { accept: '*/*' } })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toEqual({
      reason: 'callback_malformed',
      message: expect.stringMatching(/\w/),
    })
  })
})

describe('clocks', () => {
  it('that differ are told from an ID token that has expired', async () => {
    const ahead = Math.floor(Date.now() / 1000) + 7200
    const { browser, errors } = appFor(provider, { clock: () => ahead })
    await browser().signIn('/login/oidc')
    expect(errors[0]?.code).toBe('clock_off')
    expect(errors[0]?.detail).toMatch(/^They are 7\d\d\d seconds apart\.$/)
  })
})
