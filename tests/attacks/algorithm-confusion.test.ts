import { createHmac, createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, encode, post, signIn } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

type Json = Record<string, unknown>

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const read = (text: string | undefined): Json => JSON.parse(Buffer.from(text ?? '', 'base64url').toString())

/** A token of header and claims, signed by `sign`. */
const forge = (header: Json, claims: Json, sign: (input: string) => string) => {
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${sign(input)}`
}

const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const byAttacker = (input: string) =>
  signBytes('sha256', Buffer.from(input), { key: attacker.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  )

describe('algorithm confusion and forged tokens, RFC 8725 §2, RFC 9700 §4.10', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let header: Json
  let claims: Json
  let token: string
  let keys: readonly Json[]
  let idToken: string

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
    const { tokens } = await signIn(server, app, user)
    token = String(tokens.access_token)
    idToken = String(tokens.id_token)
    ;[header, claims] = [read(token.split('.')[0]), read(token.split('.')[1])]
    keys = (await (await fetch(`${server.issuer}/oauth/jwks`)).json()).keys
  })
  afterAll(() => server.stop())

  const pem = (kid: unknown) => {
    const jwk = keys.find((key) => key.kid === kid) ?? {}
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
  }
  const hmac = (key: string) => (input: string) => createHmac('sha256', key).update(input).digest('base64url')

  const forgeries = (): Record<string, string> => {
    const [head = '', body = '', signature = ''] = token.split('.')
    const rsa = keys.find(({ alg }) => alg === 'RS256') ?? {}
    const again = (change: Json, changedClaims: Json = {}) =>
      forge({ ...header, ...change }, { ...claims, ...changedClaims }, byAttacker)
    return {
      'alg none': forge({ ...header, alg: 'none' }, claims, () => ''),
      'alg None': forge({ ...header, alg: 'None' }, claims, () => ''),
      'alg none with the old signature': forge({ ...header, alg: 'none' }, claims, () => signature),
      'no alg': forge({ typ: 'at+jwt', kid: header.kid }, claims, byAttacker),
      'alg as a list': forge({ ...header, alg: ['ES256'] }, claims, byAttacker),
      'HS256 over the PEM of the EC key': forge({ ...header, alg: 'HS256' }, claims, hmac(pem(header.kid))),
      'HS256 over the PEM of the RSA key': forge(
        { ...header, alg: 'HS256', kid: rsa.kid },
        claims,
        hmac(pem(rsa.kid)),
      ),
      'HS256 over the JWK': forge({ ...header, alg: 'HS256' }, claims, hmac(JSON.stringify(keys[0]))),
      'HS256 over nothing': forge({ ...header, alg: 'HS256' }, claims, hmac('')),
      'HS256 over the client secret': forge(
        { ...header, alg: 'HS256' },
        claims,
        hmac(String(app.client_secret)),
      ),
      'the attacker’s key under our kid': again({}),
      'the attacker’s key in the header (jwk)': again({ jwk: attacker.publicKey.export({ format: 'jwk' }) }),
      'the attacker’s key by address (jku)': again({ jku: 'https://evil.example/jwks', kid: 'evil' }),
      'the attacker’s certificate (x5c)': again({ x5c: ['MIIB'], kid: 'evil' }),
      'the attacker’s certificate by address (x5u)': again({ x5u: 'https://evil.example/x5u' }),
      'an unknown kid': again({ kid: 'unknown' }),
      'a kid that is a path': again({ kid: '../../../../dev/null' }),
      'a kid that is SQL': again({ kid: "' OR 1=1 --" }),
      'another algorithm for our key': `${part({ ...header, alg: 'RS256' })}.${body}.${signature}`,
      'our signature over other claims': `${head}.${part({ ...claims, sub: 'u_admin' })}.${signature}`,
      'an unknown crit': `${part({ ...header, crit: ['exp'] })}.${body}.${signature}`,
      'no signature': `${head}.${body}.`,
      'two parts': `${head}.${body}`,
      'four parts': `${token}.x`,
      'five parts, as a JWE': `${head}..${body}.${signature}.x`,
      'a zero signature (CVE-2022-21449)': `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
      'a signature in DER': `${head}.${body}.${Buffer.from('3006020101020101', 'hex').toString('base64url')}`,
      'a shortened signature': token.slice(0, -2),
      padding: `${token}=`,
      'a space inside': `${head} .${body}.${signature}`,
      'a line break inside': `${head}\n.${body}.${signature}`,
      'standard base64': `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}+/`,
      'an ID token': idToken,
      'an ID token called at+jwt': `${part({ ...read(idToken.split('.')[0]), typ: 'at+jwt' })}.${idToken.split('.').slice(1).join('.')}`,
      'no typ': `${part({ alg: header.alg, kid: header.kid })}.${body}.${signature}`,
      'an empty one': '',
      dots: '..',
      'a huge one': `${head}.${'A'.repeat(30_000)}.${signature}`,
      null: 'null',
      'JSON serialization': JSON.stringify({ payload: body, protected: head, signature }),
    }
  }

  it('the untouched token is good everywhere', async () => {
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${server.issuer}/oauth/userinfo`, { headers })).status).toBe(200)
    expect((await post(server, '/oauth/introspect', { token }, app)).body.active).toBe(true)
  })

  it('userinfo refuses every forgery with 401 or 400, never 2xx, never 5xx (RFC 6750 §3.1)', async () => {
    for (const [title, forged] of Object.entries(forgeries())) {
      for (const inBody of [false, true]) {
        const headers: Record<string, string> = inBody
          ? {}
          : { authorization: `Bearer ${forged.replace('\n', ' ')}` }
        const body = inBody ? { method: 'POST', body: encode({ access_token: forged }) } : {}
        const answer = await fetch(`${server.issuer}/oauth/userinfo`, { headers, ...body })
        // 431: a header that Node itself finds too long.
        expect([400, 401, 431], title).toContain(answer.status)
        if (answer.status === 401) expect(answer.headers.get('www-authenticate'), title).toMatch(/^Bearer/)
        const text = await answer.text()
        expect(text, title).not.toContain(user.sub)
        if (forged.length > 40) expect(text + server.process.output(), title).not.toContain(forged)
      }
    }
  })

  it('introspection calls every forgery inactive and says nothing else (RFC 7662 §2.2)', async () => {
    for (const [title, forged] of Object.entries(forgeries())) {
      const { status, body } = await post(server, '/oauth/introspect', { token: forged }, app)
      if (status === 200) expect(body, title).toEqual({ active: false })
      else expect(status, title).toBe(400)
    }
  })

  it('revocation takes a forgery for an unknown token: 200 and nothing happens (RFC 7009 §2.2)', async () => {
    for (const [title, forged] of Object.entries(forgeries())) {
      const { status } = await post(
        server,
        '/oauth/revoke',
        { token: forged, token_type_hint: 'access_token' },
        app,
      )
      expect([200, 400], title).toContain(status)
    }
    expect((await post(server, '/oauth/introspect', { token }, app)).body.active).toBe(true)
  })

  it('a logout hint must be ours: forged ones sign nobody out', async () => {
    const { agent, tokens } = await signIn(server, app, user)
    const [head, body] = String(tokens.id_token).split('.')
    const forged = `${part({ ...read(head), alg: 'none' })}.${body}.`
    await agent.open(`${server.issuer}/oauth/logout?${encode({ id_token_hint: forged })}`)
    expect((await agent.open(`${server.issuer}/account`)).text).toContain(user.email)
  })
})
