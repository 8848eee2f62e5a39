/** Why a JWT, or a key for one, was refused: one sentence for each code, which never quotes the token. */
export const JWT_ERRORS = {
  malformed: 'The token is not a signed JWT in canonical form',
  too_large: 'The token is larger than the limit',
  alg_not_allowed: 'The token is signed with an algorithm that is not allowed here',
  crit_unknown: 'The token demands an extension that is not understood',
  typ_wrong: 'The token is of another type',
  key_unknown: 'The token is signed with a key that is not known',
  key_unusable: 'The key cannot be used for signatures here',
  signature_wrong: 'The signature does not match',
  expired: 'The token has expired',
  not_yet_valid: 'The token is not valid yet',
  issued_in_future: 'The token was issued in the future',
  issuer_wrong: 'The token is from another issuer',
  audience_wrong: 'The token is for another audience',
  claim_missing: 'The token lacks a required claim',
  claim_malformed: 'A claim of the token has the wrong form',
  claim_repeated: 'The token has a member twice',
} as const satisfies Record<string, string>

/** Why a JWT was refused: a closed list. */
export type JwtErrorCode = keyof typeof JWT_ERRORS

/**
 * The only error that parsing, verifying and importing keys throw (RFC 7515 §5.2, RFC 7519 §7.2).
 * `detail` is constant text such as a claim's name: never a part of the token.
 */
export class JwtError extends Error {
  override readonly name = 'JwtError'
  readonly code: JwtErrorCode

  constructor(code: JwtErrorCode, detail?: string) {
    super(detail === undefined ? JWT_ERRORS[code] : `${JWT_ERRORS[code]}: ${detail}`)
    this.code = code
  }
}
