import { describe, expect, it } from 'vitest'
import { ISSUER, startServer } from './support/server.ts'
import {
  claimsOf,
  confidential,
  firstTokens,
  get,
  issueCode,
  post,
  redeem,
  signedIn,
  textsOf,
  token,
} from './support/token.ts'

const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
const path = '/oauth/userinfo'

describe('userinfo, OpenID Connect Core §5.3', () => {
  it('answers GET and POST, with the token in the header or in the form', async () => {
    const server = await startServer()
    const { session, accessToken } = await firstTokens(server)
    const bodyless = new Request(`${ISSUER}${path}`, { method: 'POST', headers: bearer(accessToken) })
    const answers = [
      await get(server, path, bearer(accessToken)),
      await get(server, path, { authorization: `bearer ${accessToken}` }),
      await post(server, path, {}, bearer(accessToken)),
      await post(server, path, { access_token: accessToken }),
      { status: 200, headers: new Headers(), body: await (await server.fetch(bodyless, '')).json() },
    ]
    for (const { status, body } of answers) expect([status, body]).toEqual([200, { sub: session.userId }])
    expect(answers[0]?.headers.get('cache-control')).toBe('no-store')
  })

  it('gives the claims of its scopes and those asked for by name, as they are now (§5.4, §5.5)', async () => {
    const server = await startServer()
    const {
      body: _,
      session,
      accessToken,
    } = await firstTokens(server, {
      grant: {
        scopes: ['openid', 'email'],
        claims: { userinfo: ['name', 'website'], idToken: ['nickname'] },
      },
    })
    const user = await server.deps.storage.users.findById(session.userId)
    expect((await get(server, path, bearer(accessToken))).body).toEqual({
      sub: session.userId,
      email: user?.email,
      email_verified: user?.emailVerified,
      name: 'Ada Lovelace',
    })
  })

  it('takes a token for any audience of ours', async () => {
    const server = await startServer()
    const orders = 'https://orders.example'
    await server.resources.create({ uri: orders, scopes: ['orders:read'] })
    const client = await confidential(server, { scope: 'openid orders:read' })
    const session = await signedIn(server)
    const grant = { scopes: ['openid', 'orders:read'], resources: [orders] }
    const { accessToken } = textsOf(
      (await redeem(server, client, await issueCode(server, client, session, { grant }))).body,
    )
    expect(claimsOf(accessToken).aud).toBe(orders)
    expect((await get(server, path, bearer(accessToken))).body).toEqual({ sub: session.userId })
  })

  it('answers a request without a token 401 with a bare challenge and no error, RFC 6750 §3.1', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server)
    const answers = [
      await get(server, path),
      await post(server, path, {}),
      await get(server, path, { authorization: 'Basic eDp5' }),
      // A token in the query is not looked at: RFC 9700 §4.3.2.
      await get(server, `${path}?access_token=${accessToken}`),
    ]
    for (const { status, headers, body } of answers) {
      expect([status, headers.get('www-authenticate'), body.error]).toEqual([401, 'Bearer', undefined])
      expect(body.reason).toBe('token_missing')
    }
  })

  it('answers a dead token 401 invalid_token', async () => {
    const server = await startServer()
    const { client, session, accessToken, refreshToken, idToken } = await firstTokens(server)
    const own = textsOf((await token(server, client, { grant_type: 'client_credentials' })).body).accessToken
    const refused = async (text: string) => {
      const { status, headers, body } = await get(server, path, bearer(text))
      expect([status, body.error]).toEqual([401, 'invalid_token'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token", error_description="/)
    }
    for (const text of ['x', 'a.b.c', 'not a token', refreshToken, idToken, own]) await refused(text)
    await server.deps.storage.sessions.end(session.sid, server.deps.clock())
    await refused(accessToken)
  })

  it('answers a token without openid 403 insufficient_scope', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server, { grant: { scopes: ['plain'] } })
    const { status, headers, body } = await get(server, path, bearer(accessToken))
    expect([status, body.error]).toEqual([403, 'insufficient_scope'])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope"/)
  })

  it('refuses two tokens, RFC 6750 §2', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server)
    const answer = await post(server, path, { access_token: accessToken }, bearer(accessToken))
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', reason: 'token_repeated' },
    })
  })
})
