import { createHash } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { verifyIdToken } from '../../src/exchange/id-token.ts'
import { rememberKeys } from '../../src/exchange/keys.ts'
import type { ProviderDeps } from '../../src/exchange/provider-deps.ts'
import { oidc } from '../../src/providers/index.ts'
import type { Quirks } from '../../src/providers/provider.ts'

const ISSUER = 'https://id.example.com'
const NOW = Math.floor(Date.now() / 1000)
const SECRET = 'a client secret of forty characters or so'
const context = { nonce: 'n', accessToken: 'the access token', answeredAt: NOW }

type Rules = { readonly quirks?: Quirks; readonly issuer?: string; readonly keys?: readonly object[] }
const depsWith = ({ quirks = {}, issuer = ISSUER, keys = [] }: Rules): ProviderDeps => {
  const fetch = async () => Response.json({ keys })
  return {
    provider: oidc({ issuer: ISSUER, clientId: 'app', clientSecret: SECRET, quirks }),
    fetch,
    keys: rememberKeys(fetch),
    metadata: async () => ({
      ...{ issuer, authorization: `${ISSUER}/a`, token: `${ISSUER}/t`, jwks: `${ISSUER}/j` },
      ...{ userinfo: null, revocation: null, endSession: null, namesIssuer: false },
    }),
    redirectUri: 'https://app.example.com/login/oidc/callback',
    clock: () => NOW,
    clockTolerance: 30,
  }
}

const claims = (changes: JWTPayload = {}): JWTPayload => ({
  ...{ iss: ISSUER, aud: 'app', sub: '1', iat: NOW, exp: NOW + 60, nonce: 'n' },
  ...changes,
})

const sign = async (alg: string, payload = claims()) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const token = await new SignJWT(payload).setProtectedHeader({ alg, kid: 'k' }).sign(privateKey)
  return { token, keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg }] }
}
const half = (hash: string): string => {
  const digest = createHash(hash).update(context.accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

describe('an ID token', () => {
  it.each([
    ['RS256', 'sha256'],
    ['PS384', 'sha384'],
    ['ES256', 'sha256'],
    ['ES512', 'sha512'],
    ['EdDSA', 'sha512'],
  ])('is verified with %s, and its at_hash with %s (OpenID Connect Core §3.1.3.6)', async (alg, hash) => {
    const { token, keys } = await sign(alg, claims({ at_hash: half(hash) }))
    expect(await verifyIdToken(token, context, depsWith({ keys }))).toMatchObject({ sub: '1' })
    const other = { ...context, accessToken: 'another' }
    await expect(verifyIdToken(token, other, depsWith({ keys }))).rejects.toMatchObject({
      code: 'id_token_at_hash',
    })
  })

  it.each<[string, JWTPayload, string | null]>([
    ['has our own azp', { azp: 'app' }, null],
    ["has another's azp", { azp: 'other' }, 'id_token_party'],
    ['has several audiences and our azp', { aud: ['app', 'api'], azp: 'app' }, null],
    ['has several audiences and no azp (§3.1.3.7, 4)', { aud: ['app', 'api'] }, 'id_token_party'],
    ['has one audience in a list', { aud: ['app'] }, null],
    ['is a little early, within the tolerance', { iat: NOW + 29 }, null],
    ['is from the future', { iat: NOW + 31 }, 'id_token_early'],
    ['is not valid yet', { nbf: NOW + 31 }, 'id_token_early'],
    ['has expired within the tolerance', { exp: NOW - 29 }, null],
    ['has expired', { exp: NOW - 31 }, 'id_token_expired'],
    ['has a nonce of another sign-in', { nonce: 'm' }, 'id_token_nonce'],
    ['has no nonce', { nonce: undefined }, 'id_token_nonce'],
    ['has an issuer with a slash more', { iss: `${ISSUER}/` }, 'id_token_issuer'],
  ])('that %s', async (_title, changes, code) => {
    const { token, keys } = await sign('ES256', claims(changes))
    const verified = verifyIdToken(token, context, depsWith({ keys }))
    if (code === null) expect((await verified).sub).toBe('1')
    else await expect(verified).rejects.toMatchObject({ code, provider: 'oidc' })
  })

  it('of a refresh need not repeat the nonce (§12.2)', async () => {
    const { token, keys } = await sign('ES256', claims({ nonce: undefined }))
    expect((await verifyIdToken(token, { ...context, nonce: null }, depsWith({ keys }))).sub).toBe('1')
  })
})

describe('quirks of ID tokens', () => {
  it('noNonce: it may lack, and must not be another one', async () => {
    const quirks = { noNonce: true } as const
    const without = await sign('ES256', claims({ nonce: undefined }))
    expect((await verifyIdToken(without.token, context, depsWith({ ...without, quirks }))).sub).toBe('1')
    const other = await sign('ES256', claims({ nonce: 'm' }))
    await expect(verifyIdToken(other.token, context, depsWith({ ...other, quirks }))).rejects.toMatchObject({
      code: 'id_token_nonce',
    })
  })

  it('hs256IdToken: the client secret is the key, and nothing else is', async () => {
    const hmac = async (secret: string, alg = 'HS256') =>
      new SignJWT(claims()).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret))
    const quirks = { hs256IdToken: true } as const
    expect((await verifyIdToken(await hmac(SECRET), context, depsWith({ quirks }))).sub).toBe('1')
    await expect(
      verifyIdToken(await hmac('x'.repeat(40)), context, depsWith({ quirks })),
    ).rejects.toMatchObject({
      code: 'id_token_signature',
    })
    await expect(verifyIdToken(await hmac(SECRET), context, depsWith({}))).rejects.toMatchObject({
      code: 'id_token_algorithm',
    })
  })

  it.each([
    ['72f988bf-86f1', '72f988bf-86f1', null],
    ['72f988bf-86f1', 'another', 'id_token_issuer'],
    ['72f988bf-86f1', undefined, 'id_token_issuer'],
    ['../evil', '../evil', 'id_token_issuer'],
  ])('issuerTemplate: iss of %s with tid %s', async (tenant, tid, code) => {
    const rules = { quirks: { issuerTemplate: true } as const, issuer: `${ISSUER}/{tenantid}/v2.0` }
    const { token, keys } = await sign('RS256', claims({ iss: `${ISSUER}/${tenant}/v2.0`, tid }))
    const verified = verifyIdToken(token, context, depsWith({ ...rules, keys }))
    if (code === null) expect((await verified).sub).toBe('1')
    else await expect(verified).rejects.toMatchObject({ code })
  })
})
