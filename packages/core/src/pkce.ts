import { constantTimeEqual, sha256 } from './crypto/index.ts'
import { OAuthError } from './errors.ts'

// code-verifier = 43*128unreserved, RFC 7636 §4.1
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/
// 256 bits in base64url: the last character carries four of them, so its low two are zero.
const S256_CHALLENGE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** True where `text` has the form of an S256 code challenge (RFC 7636 §4.2). */
export function isCodeChallenge(text: string): boolean {
  return S256_CHALLENGE.test(text)
}

/**
 * Throws invalid_grant unless the verifier answers the challenge by S256 (RFC 7636 §4.6). Either may be
 * null; a verifier without a challenge is refused, which is the downgrade of RFC 9700 §2.1.1.
 */
export function checkCodeVerifier(verifier: string | null, challenge: string | null): void {
  if (challenge === null && verifier === null) return
  if (challenge === null) {
    throw new OAuthError(
      'invalid_grant',
      'code_verifier was sent, but the authorization request had no code_challenge.',
      {
        reason: 'pkce_unexpected',
      },
    )
  }
  if (verifier === null) {
    throw new OAuthError(
      'invalid_grant',
      'code_verifier is missing: the authorization request had a code_challenge.',
      {
        reason: 'pkce_verifier_missing',
      },
    )
  }
  if (!VERIFIER.test(verifier) || !constantTimeEqual(sha256(verifier), challenge)) {
    throw new OAuthError('invalid_grant', 'code_verifier does not match the code_challenge.', {
      reason: 'pkce_mismatch',
    })
  }
}
