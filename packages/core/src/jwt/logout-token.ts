/** `typ` of a logout token (OpenID Connect Back-Channel Logout §2.4). */
export const LOGOUT_TOKEN_TYP = 'logout+jwt'

/** What a logout token is made of: at least one of `subject` and `sid`. Times in seconds. */
export type LogoutTokenInput = {
  readonly issuer: string
  readonly clientId: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly jti: string
} & (
  | { readonly subject: string; readonly sid?: string | null }
  | { readonly subject?: string | null; readonly sid: string }
)

/** The claims of a logout token (OpenID Connect Back-Channel Logout §2.4). It never has a `nonce`. */
export function logoutTokenClaims(input: LogoutTokenInput): Record<string, unknown> {
  return {
    iss: input.issuer,
    sub: input.subject ?? undefined,
    aud: input.clientId,
    exp: input.expiresAt,
    iat: input.issuedAt,
    jti: input.jti,
    sid: input.sid ?? undefined,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  }
}
