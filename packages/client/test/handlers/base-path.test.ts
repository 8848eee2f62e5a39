import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { appFor } from '../app.ts'

let provider: OidcStandIn

beforeAll(async () => {
  provider = await startOidcProvider()
})
afterAll(() => provider.stop())

it('an app under a path comes back to its own root, after a sign-in and from the sign-out at the provider', async () => {
  const baseUrl = 'http://localhost:3000/app'
  const browser = appFor(provider, { baseUrl }).browser()
  const answer = await browser.signIn('/app/login/oidc')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/app/'])
  const leaving = await browser.ask('/app/logout', { method: 'POST' })
  const { searchParams } = new URL(leaving.headers.get('location') ?? '')
  expect(searchParams.get('post_logout_redirect_uri')).toBe(`${baseUrl}/`)
})
