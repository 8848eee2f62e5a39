import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { authorizeUrl, callbackUri, createPkce, encode, signIn } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

const payloads = [
  '\r\nset-cookie: injected=1',
  '\nset-cookie: injected=1',
  '\rset-cookie: injected=1',
  '%0d%0aset-cookie: injected=1',
  '\u0085set-cookie: injected=1',
  '\u2028set-cookie: injected=1',
  '嘊嘍set-cookie: injected=1',
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '</title><script>alert(1)</script>',
  'javascript:alert(1)',
  '\u0000',
  '\ud800',
  '{{7*7}}<%= 7*7 %>',
]

describe('header and markup injection', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app] = await Promise.all([
      server.createUser({ name: '<img src=x onerror=alert(1)>' }),
      server.createClient({ redirect_uris: [callbackUri], client_name: '<script>alert("app")</script>' }),
    ])
  })
  afterAll(() => server.stop())

  const expectClean = (headers: Headers, text: string) => {
    expect(headers.getSetCookie().join()).not.toContain('injected')
    expect([...headers.keys()]).not.toContain('injected')
    expect(text).not.toMatch(/<script>alert|<img src=x/i)
    expect(text).not.toMatch(/(?:href|action|src)="javascript:/i)
    expect(text).not.toMatch(/[>"]49[<"]/)
  }

  it.each(payloads)(
    'no parameter of authorize, login, consent or logout carries %j into headers or markup',
    async (payload) => {
      const names = [
        'client_id',
        'redirect_uri',
        'state',
        'scope',
        'nonce',
        'login_hint',
        'prompt',
        'resource',
        'claims',
      ]
      const more = [
        'response_type',
        'response_mode',
        'display',
        'ui_locales',
        'acr_values',
        'id_token_hint',
        'max_age',
      ]
      const base = {
        response_type: 'code',
        client_id: app.client_id,
        redirect_uri: callbackUri,
        scope: 'openid',
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
      }
      for (const name of [...names, ...more]) {
        for (const value of [payload, `x${payload}`]) {
          const page = await createAgent().open(authorizeUrl(server, { ...base, [name]: value }))
          expect(page.status, name).toBeLessThan(500)
          expectClean(page.headers, page.text)
        }
      }
      for (const name of ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'logout_hint']) {
        const page = await createAgent().open(`${server.issuer}/oauth/logout?${encode({ [name]: payload })}`)
        expect(page.status, name).toBeLessThan(500)
        expectClean(page.headers, page.text)
      }
    },
  )

  it('what people and operators typed is text on every page: e-mail, name of person and app', async () => {
    const agent = createAgent()
    const page = await agent.open(`${server.issuer}/login`)
    const refused = await agent.submit(page, {
      email: '"><script>alert(1)</script>@example.com',
      password: 'x',
    })
    expectClean(refused.headers, refused.text)
    const { agent: known } = await signIn(server, app, user)
    const consent = await known.open(
      authorizeUrl(server, {
        response_type: 'code',
        client_id: app.client_id,
        redirect_uri: callbackUri,
        scope: 'openid',
        prompt: 'consent',
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
      }),
    )
    expect(consent.text).toContain('&lt;script&gt;alert(')
    expectClean(consent.headers, consent.text)
    expectClean(
      (await known.open(`${server.issuer}/account`)).headers,
      (await known.open(`${server.issuer}/account`)).text,
    )
  })

  it('program endpoints answer JSON without what was sent (RFC 6749 §5.2: no reflected text)', async () => {
    for (const payload of payloads) {
      for (const name of ['grant_type', 'code', 'client_id', 'scope', 'token', 'refresh_token']) {
        for (const path of [
          '/oauth/token',
          '/oauth/introspect',
          '/oauth/revoke',
          '/oauth/authorize-challenge',
        ]) {
          const body = encode({ grant_type: 'authorization_code', [name]: payload })
          const answer = await fetch(server.issuer + path, { method: 'POST', body })
          expect(answer.status, `${path} ${name}`).toBeLessThan(500)
          expectClean(answer.headers, await answer.text())
          expect(answer.headers.get('content-type') ?? 'application/json').toMatch(/^application\/json/)
        }
      }
    }
  })
})
