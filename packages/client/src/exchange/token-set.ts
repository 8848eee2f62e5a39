/** What a provider hands out at its token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export type TokenSet = {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** Verified before it is handed on, except where it came with a refresh and says nothing new. */
  readonly idToken: string | null
  /** What was granted, separated by spaces; what was asked for where the provider does not say. */
  readonly scope: string
  /** When the access token expires, in seconds since 1970; null where the provider does not say. */
  readonly expiresAt: number | null
  readonly tokenType: 'bearer' | 'dpop'
}
