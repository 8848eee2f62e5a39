import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formsOf } from '../../../../tests/support/forms.ts'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { appFor, optionsFor } from '../app.ts'

let provider: OidcStandIn

beforeAll(async () => {
  provider = await startOidcProvider()
})
afterAll(() => provider.stop())

const byForm = (baseUrl: string) => {
  const providers = optionsFor(provider).providers.map((one) => ({
    ...one,
    quirks: { formPost: true } as const,
  }))
  return appFor(provider, { baseUrl, providers, allowPrivateHosts: [new URL(provider.issuer).host] })
}

describe('a provider that answers by form_post', () => {
  it('is asked for that, with a cookie that a form of another site brings along', async () => {
    const started = await byForm('https://app.example.com').browser().ask('/login/oidc')
    expect(new URL(started.headers.get('location') ?? '').searchParams.get('response_mode')).toBe('form_post')
    expect(started.headers.get('set-cookie')).toContain('; SameSite=None; Secure; ')
  })

  it('signs people in by POST', async () => {
    const browser = byForm('https://app.example.com').browser()
    const started = await browser.ask('/login/oidc')
    const page = await (await fetch(started.headers.get('location') ?? '')).text()
    const [form] = formsOf(page)
    const body = new URLSearchParams([...(form?.values ?? [])])
    const kept = await browser.ask(form?.action ?? '', { method: 'POST', body })
    const own = kept.headers.get('location') ?? ''
    expect([kept.status, kept.headers.getSetCookie()]).toEqual([303, []])
    expect(own).toMatch(/^\/login\/oidc\/callback\?kept=/)
    // Nothing of the answer shows in the address, which logs and histories keep.
    for (const [, value] of form?.values ?? []) expect(own).not.toContain(value)
    expect((await browser.ask(own)).headers.get('location')).toBe('/')
    expect((await browser.session())?.user.email).toBe('janedoe@example.com')
    // The way back leads to the app.
    expect((await browser.ask(own)).headers.get('location')).toBe('/')
  })

  it('is answered in place where its answer is too long for an address', async () => {
    const { browser, errors } = byForm('https://app.example.com')
    const one = browser()
    const started = await one.ask('/login/oidc')
    const page = await (await fetch(started.headers.get('location') ?? '')).text()
    const [form] = formsOf(page)
    const body = new URLSearchParams([...(form?.values ?? []), ['user', 'x'.repeat(9000)]])
    const answer = await one.ask(form?.action ?? '', { method: 'POST', body })
    expect([answer.headers.get('location'), errors]).toEqual(['/', []])
    expect(await one.session()).not.toBeNull()
  })

  it('is not believed an answer that was kept elsewhere', async () => {
    const { browser, errors } = byForm('https://app.example.com')
    await browser().ask('/login/oidc/callback?kept=forged')
    expect(errors.map(({ code }) => code)).toEqual(['state_expired'])
  })

  it('needs https, and the error says so', async () => {
    const { browser, errors } = byForm('http://localhost:3000')
    const answer = await browser().ask('/login/oidc')
    expect(answer.status).toBe(500)
    expect(errors[0]?.code).toBe('https_required')
    expect(await answer.text()).toContain('https')
  })

  it('is refused a body that is no form, or is too large', async () => {
    const { browser, errors } = byForm('https://app.example.com')
    await browser().ask('/login/oidc/callback', { method: 'POST', body: 'x'.repeat(65_537) })
    await browser().ask('/login/oidc/callback', { method: 'POST', body: '{"state":"s"}' })
    expect(errors.map(({ code }) => code)).toEqual(['body_unreadable', 'callback_malformed'])
  })
})
