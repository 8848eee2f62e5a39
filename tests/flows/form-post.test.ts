import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { authorizeUrl, callbackUri, createPkce, exchange, walk } from '../support/flow.ts'
import { formsOf } from '../support/forms.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

describe.each(databases)('response_mode=form_post on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  const request = (more: Record<string, string> = {}) => {
    const pkce = createPkce()
    const url = authorizeUrl(server, {
      response_type: 'code',
      response_mode: 'form_post',
      client_id: app.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      state: '"><script>alert(1)</script>',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      ...more,
    })
    return { url, pkce }
  }

  it('answers one page whose form carries the code to the redirect URI (Form Post Response Mode §2)', async () => {
    const agent = createAgent()
    const { url, pkce } = request()
    const page = await walk(agent, await agent.open(url), user)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.text).not.toContain('<script>alert')
    const form = formsOf(page.text).find(({ action }) => action === callbackUri)
    expect(form?.method).toBe('post')
    expect(form?.values.get('state')).toBe('"><script>alert(1)</script>')
    expect(form?.values.get('iss')).toBe(server.issuer)
    const code = form?.values.get('code') ?? ''
    const authorized = { agent, pkce, code, redirectUri: callbackUri, answer: new URLSearchParams() }
    expect((await exchange(server, app, authorized)).status).toBe(200)
  })

  it('answers errors the same way, state and iss with them', async () => {
    const page = await createAgent().open(request({ prompt: 'none' }).url)
    const form = formsOf(page.text).find(({ action }) => action === callbackUri)
    expect(Object.fromEntries(form?.values ?? [])).toMatchObject({
      error: 'login_required',
      state: '"><script>alert(1)</script>',
      iss: server.issuer,
    })
  })

  it('knows query and form_post alone; fragment never carries a code (OAuth 2.1 §1.3.1)', async () => {
    const page = await createAgent().open(request({ response_mode: 'fragment' }).url)
    const location = new URL(page.headers.get('location') ?? 'x:')
    expect(location.searchParams.get('error')).toBe('invalid_request')
    expect(location.hash).toBe('')
  })
})
