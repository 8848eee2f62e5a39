import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { rememberKeys } from '../../src/exchange/keys.ts'
import { refreshTokens } from '../../src/exchange/refresh.ts'
import { oidc } from '../../src/providers/index.ts'

const ISSUER = 'https://id.example.com'
const NOW = Math.floor(Date.now() / 1000)

/** Answers the token request with `answer`, and the key set with one key. */
const provider = async (answer: Readonly<Record<string, unknown>>) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const sent: URLSearchParams[] = []
  const fetch = async (url: string | URL, { body }: { body?: unknown } = {}) => {
    if (String(url).endsWith('/jwks')) return Response.json({ keys: [await exportJWK(publicKey)] })
    sent.push(new URLSearchParams(String(body)))
    return Response.json({ access_token: 'new', token_type: 'Bearer', ...answer })
  }
  const idToken = (key = privateKey) =>
    new SignJWT({ iss: ISSUER, aud: 'app', sub: '1', iat: NOW, exp: NOW + 60 })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key)
  const deps = {
    provider: oidc({ issuer: ISSUER, clientId: 'app', clientSecret: 'b', clientAuth: 'post' }),
    fetch,
    keys: rememberKeys(fetch),
    metadata: async () => ({
      ...{ issuer: ISSUER, authorization: `${ISSUER}/a`, token: `${ISSUER}/token`, jwks: `${ISSUER}/jwks` },
      ...{ userinfo: null, revocation: null, endSession: null, namesIssuer: false },
    }),
    redirectUri: 'https://app.example.com/login/oidc/callback',
    clock: () => NOW,
    clockTolerance: 30,
  }
  return { deps, sent, idToken }
}

describe('a refresh', () => {
  it('sends the refresh token with client authentication, RFC 6749 §6', async () => {
    const { deps, sent } = await provider({})
    await refreshTokens('old', deps)
    expect(Object.fromEntries(sent[0] ?? [])).toEqual({
      ...{ grant_type: 'refresh_token', refresh_token: 'old', client_id: 'app', client_secret: 'b' },
    })
  })

  it('keeps the refresh token where the provider sends no new one', async () => {
    expect(await refreshTokens('old', (await provider({})).deps)).toMatchObject({ refreshToken: 'old' })
    const rotating = await provider({ refresh_token: 'next' })
    expect(await refreshTokens('old', rotating.deps)).toMatchObject({
      refreshToken: 'next',
      accessToken: 'new',
    })
  })

  it('takes a good ID token, and leaves a bad one out rather than lose the new refresh token', async () => {
    const answer: Record<string, unknown> = { refresh_token: 'next' }
    const { deps, idToken } = await provider(answer)
    answer.id_token = await idToken()
    expect((await refreshTokens('old', deps)).idToken).toBe(answer.id_token)
    answer.id_token = await idToken((await generateKeyPair('ES256')).privateKey)
    expect(await refreshTokens('old', deps)).toMatchObject({ idToken: null, refreshToken: 'next' })
  })
})
