import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent, type Page } from '../support/agent.ts'
import { authorizeUrl, callbackUri, createPkce, signIn } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

describe('clickjacking and leaks by the page, RFC 9700 §4.2, §4.3, §4.16', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], client_name: 'Orders' }),
    ])
  })
  afterAll(() => server.stop())

  const policyOf = (page: Page) =>
    new Map(
      (page.headers.get('content-security-policy') ?? '')
        .split(';')
        .map((directive) => directive.trim().split(/\s+/))
        .map(([name = '', ...values]) => [name, values.join(' ')]),
    )

  const expectGuarded = (page: Page) => {
    const policy = policyOf(page)
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('frame-ancestors')).toBe("'none'")
    expect(policy.get('base-uri')).toBe("'none'")
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe-|nonce-|\*/)
    expect(page.headers.get('x-frame-options')?.toUpperCase()).toBe('DENY')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toMatch(/^(?:no-referrer|same-origin)$/)
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|\son\w+\s*=\s*["']|<[^>]+\sstyle\s*=|<style/i)
    return policy
  }

  const authorizePage = (more: Record<string, string> = {}) =>
    authorizeUrl(server, {
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
      ...more,
    })

  it('no page may be framed, and none leaks its address: sign-in, consent, account, logout, errors', async () => {
    const trusted = await server.createClient({ redirect_uris: [callbackUri], trusted: true })
    const { agent } = await signIn(server, trusted, user)
    const anonymous = createAgent()
    for (const page of [
      await anonymous.open(`${server.issuer}/login`),
      await anonymous.open(authorizePage()),
      await agent.open(authorizePage()),
      await agent.open(authorizePage({ prompt: 'select_account' })),
      await agent.open(`${server.issuer}/account`),
      await agent.open(`${server.issuer}/oauth/logout`),
      await anonymous.open(authorizePage({ redirect_uri: 'https://evil.example/' })),
      await anonymous.open(`${server.issuer}/no/such/page`),
    ]) {
      expectGuarded(page)
    }
  })

  it('on the pages of an authorization forms may lead to its one proven redirect URI, nowhere else', async () => {
    const page = await createAgent().open(authorizePage())
    expect(expectGuarded(page).get('form-action')).toBe("'self' https://app.example")
    const plain = await createAgent().open(`${server.issuer}/login`)
    expect(expectGuarded(plain).get('form-action')).toBe("'self'")
    const broken = await createAgent().open(authorizePage({ redirect_uri: 'https://evil.example/' }))
    expect(broken.headers.get('content-security-policy')).not.toContain('evil')
  })

  it('a custom scheme is named as a scheme', async () => {
    const native = await server.createClient({
      redirect_uris: ['com.example.app:/callback'],
      token_endpoint_auth_method: 'none',
    })
    const uri = { client_id: native.client_id, redirect_uri: 'com.example.app:/callback' }
    const page = await createAgent().open(authorizePage(uri))
    expect(expectGuarded(page).get('form-action')).toBe("'self' com.example.app:")
  })

  it('a redirect after a form is 303, so that the password is not sent on (RFC 9700 §4.12)', async () => {
    const agent = createAgent()
    const page = await agent.open(authorizePage())
    const form = page.text.match(/<input[^>]*name="csrf"[^>]*value="([^"]+)"/)?.[1] ?? ''
    const body = new URLSearchParams({ csrf: form, email: user.email, password: user.password })
    const answer = await agent.request(page.url, { method: 'POST', body })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).not.toContain(encodeURIComponent(user.password))
  })

  it('a token in the query string is not taken (RFC 9700 §4.3.2, RFC 6750 §2.3)', async () => {
    const trusted = await server.createClient({ redirect_uris: [callbackUri], trusted: true })
    const { tokens } = await signIn(server, trusted, user)
    const answer = await fetch(`${server.issuer}/oauth/userinfo?access_token=${tokens.access_token}`)
    expect([400, 401]).toContain(answer.status)
    expect(await answer.text()).not.toContain(user.sub)
  })

  it('JSON with tokens is never cached, sniffed or rendered (RFC 6749 §5.1)', async () => {
    const trusted = await server.createClient({ redirect_uris: [callbackUri], trusted: true })
    const { tokens } = await signIn(server, trusted, user)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const answer = await fetch(`${server.issuer}/oauth/userinfo`, { headers })
    expect(answer.headers.get('cache-control')).toContain('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })
})
