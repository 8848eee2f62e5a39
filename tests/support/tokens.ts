import { createHash } from 'node:crypto'
import { createRemoteJWKSet, type JWTPayload, jwtVerify, type ProtectedHeaderParameters } from 'jose'
import { expect } from 'vitest'
import type { Doorward } from './server.ts'

type Verified = { readonly claims: JWTPayload; readonly header: ProtectedHeaderParameters }

const now = (): number => Math.floor(Date.now() / 1000)

const verify = async (server: Doorward, token: unknown, typ: string, audience: string): Promise<Verified> => {
  const keys = createRemoteJWKSet(new URL(`${server.issuer}/oauth/jwks`))
  const { payload, protectedHeader } = await jwtVerify(String(token), keys, {
    issuer: server.issuer,
    audience,
    typ,
  })
  expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ'])
  return { claims: payload, header: protectedHeader }
}

/** Verifies an access token with jose, against the published keys, and checks what RFC 9068 §2.2 demands of it. */
export const readAccessToken = async (
  server: Doorward,
  token: unknown,
  audience: string,
): Promise<Verified> => {
  const { claims, header } = await verify(server, token, 'at+jwt', audience)
  for (const name of ['sub', 'client_id', 'jti', 'scope'])
    expect(claims[name], name).toEqual(expect.any(String))
  expect(claims.aud).toBe(audience)
  expect(claims.iat).toBeLessThanOrEqual(now())
  expect(claims.exp).toBeGreaterThan(now())
  return { claims, header }
}

const hashFor: Readonly<Record<string, string>> = { RS256: 'sha256', ES256: 'sha256', EdDSA: 'sha512' }

/** `at_hash` of an access token under the ID token's algorithm (OpenID Connect Core §3.1.3.6). */
const accessTokenHash = (alg: string, accessToken: string): string => {
  const digest = createHash(hashFor[alg] ?? 'unknown')
    .update(accessToken)
    .digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

/** Verifies an ID token with jose and checks what OpenID Connect Core §2 demands, `at_hash` included. */
export const readIdToken = async (
  server: Doorward,
  tokens: Readonly<Record<string, unknown>>,
  clientId: string,
): Promise<Verified> => {
  const { claims, header } = await verify(server, tokens.id_token, 'JWT', clientId)
  expect(claims.aud).toBe(clientId)
  expect(claims.at_hash).toBe(accessTokenHash(String(header.alg), String(tokens.access_token)))
  expect(claims.auth_time).toEqual(expect.any(Number))
  return { claims, header }
}
