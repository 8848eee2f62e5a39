import { OAuthError } from '@doorward/core'
import { ID_TOKEN_TYP, JwtError, verifyJwt } from '@doorward/core/jwt'
import type { Deps } from '../deps.ts'

/** What an ID token of ours says about a sign-in. */
export type IdTokenFacts = { readonly userId: string; readonly clientId: string; readonly sid: string | null }

/**
 * Reads an id_token_hint: an ID token of ours, for `clientId` where that is known. It may have expired, which
 * is what hints usually have; its key may have retired but must still be listed. null where its key is gone:
 * it may well have been ours, and nobody can tell. Throws invalid_request for anything else.
 * @see OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2
 */
export function readIdTokenHint(
  hint: string,
  clientId: string | null,
  deps: Pick<Deps, 'config' | 'keyring' | 'clock'>,
): IdTokenFacts | null {
  try {
    const { claims } = verifyJwt(hint, {
      keys: deps.keyring.verificationKeys(),
      // An access or logout token is no hint, though the same keys sign it (RFC 8725 §3.11).
      typ: [ID_TOKEN_TYP],
      issuer: deps.config.issuer,
      ...(clientId === null ? {} : { audience: clientId }),
      now: deps.clock(),
      allowExpired: true,
    })
    const { sub, aud, sid } = claims
    const audience = Array.isArray(aud) ? aud[0] : aud
    if (typeof sub !== 'string' || typeof audience !== 'string') throw invalid()
    return { userId: sub, clientId: audience, sid: typeof sid === 'string' ? sid : null }
  } catch (error) {
    if (!(error instanceof JwtError)) throw error
    if (error.code === 'key_unknown') return null
    throw invalid(error)
  }
}

function invalid(cause?: unknown): OAuthError {
  return new OAuthError('invalid_request', 'id_token_hint is not an ID token of this issuer for this app.', {
    reason: 'hint_invalid',
    cause,
  })
}
