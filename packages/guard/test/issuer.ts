import {
  generateSigningJwk,
  importPrivateJwk,
  type PrivateJwk,
  type PublicJwk,
  publicJwk,
  type SigningKey,
} from '@doorward/core/crypto'
import { accessTokenClaims, signJwt } from '@doorward/core/jwt'

export const ISSUER = 'https://id.example'
export const AUDIENCE = 'https://api.example'
export const NOW = 1_800_000_000

type Behaviour = (address: string, init: RequestInit | undefined) => Response | Promise<Response>

/** An issuer without a network: its `fetch` answers discovery and keys, its clock is turned by hand. */
export type TestIssuer = {
  now: number
  /** Replaces the answers while set. */
  behaviour: Behaviour | null
  keys: PublicJwk[]
  readonly asked: string[]
  readonly fetch: typeof globalThis.fetch
  readonly clock: () => number
  /** Adds a key to the set and signs with it from now on. */
  readonly rotate: () => SigningKey
  readonly mint: (change?: object, typ?: string) => string
}

export function createTestIssuer(): TestIssuer {
  let signer = newKey()
  const issuer: TestIssuer = {
    now: NOW,
    behaviour: null,
    keys: [signer.jwk],
    asked: [],
    fetch: async (input, init) => {
      const address = String(input)
      issuer.asked.push(address)
      if (issuer.behaviour !== null) return issuer.behaviour(address, init)
      return answer(address, issuer.keys)
    },
    clock: () => issuer.now,
    rotate: () => {
      signer = newKey()
      issuer.keys.push(signer.jwk)
      return signer.key
    },
    mint: (change = {}, typ = 'at+jwt') => {
      return signJwt({ typ }, { ...claimsAt(issuer.now), ...change }, signer.key)
    },
  }
  return issuer
}

export function claimsAt(now: number): Record<string, unknown> {
  return accessTokenClaims({
    issuer: ISSUER,
    subject: 'u_1',
    audience: AUDIENCE,
    issuedAt: now,
    expiresAt: now + 600,
    jti: `j${Math.random()}`,
    clientId: 'app',
    scopes: ['read', 'write'],
    roles: ['member'],
    permissions: ['orders:write'],
  })
}

/** What the issuer answers to each address. */
export function answer(address: string, keys: readonly PublicJwk[]): Response {
  if (address === `${ISSUER}/.well-known/openid-configuration`) {
    return Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` })
  }
  if (address !== `${ISSUER}/jwks`) return new Response('not found', { status: 404 })
  return Response.json({ keys }, { headers: { 'cache-control': 'public, max-age=300' } })
}

function newKey(): { jwk: PublicJwk; key: SigningKey } {
  const jwk: PrivateJwk = generateSigningJwk('ES256')
  return { jwk: publicJwk(jwk), key: importPrivateJwk(jwk) }
}
