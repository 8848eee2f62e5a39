import { leftHalfHash } from '../crypto/hash.ts'
import type { SigningAlg } from '../crypto/jwk.ts'
import type { JsonObject } from './strict-json.ts'
import { userClaims } from './user-claims.ts'

/** `typ` of an ID token: OpenID Connect defines none of its own. */
export const ID_TOKEN_TYP = 'JWT'

/** What an ID token is made of. Times in seconds. */
export type IdTokenInput = {
  readonly issuer: string
  readonly subject: string
  readonly clientId: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly authTime?: number | null
  /** Left out on refresh (OpenID Connect Core §12.2). */
  readonly nonce?: string | null
  readonly acr?: string | null
  readonly amr?: readonly string[]
  readonly sid?: string | null
  /** The access token issued beside it, and the algorithm that signs the ID token: for `at_hash`. */
  readonly accessToken?: { readonly token: string; readonly alg: SigningAlg } | null
  /** Claims about the person. They never override the claims above. */
  readonly extra?: JsonObject
}

/** The claims of an ID token (OpenID Connect Core §2, `sid` of Back-Channel Logout §2.1). */
export function idTokenClaims(input: IdTokenInput): Record<string, unknown> {
  const { accessToken, amr } = input
  return {
    ...userClaims(input.extra),
    iss: input.issuer,
    sub: input.subject,
    aud: input.clientId,
    exp: input.expiresAt,
    iat: input.issuedAt,
    auth_time: input.authTime ?? undefined,
    nonce: input.nonce ?? undefined,
    acr: input.acr ?? undefined,
    amr: amr === undefined || amr.length === 0 ? undefined : amr,
    sid: input.sid ?? undefined,
    at_hash: accessToken ? leftHalfHash(accessToken.alg, accessToken.token) : undefined,
  }
}
