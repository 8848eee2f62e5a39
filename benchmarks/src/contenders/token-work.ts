/** What every contender of the token rows is asked for: the same resource, scope and lifetime. */
export const WORK = {
  issuer: 'https://id.example.com',
  resource: 'https://api.example.com',
  scope: 'orders:read',
  /** Of access tokens and ID tokens, in seconds. */
  lifetimeSeconds: 600,
} as const

/** What signs the tokens. */
export type SigningAlg = 'ES256' | 'EdDSA' | 'RS256'

/** `Authorization: Basic` of a client (RFC 6749 §2.3.1). */
export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

/** Headers of a form post by a client that proves itself by Basic. */
export const formHeaders = (authorization: string): Readonly<Record<string, string>> => ({
  authorization,
  'content-type': 'application/x-www-form-urlencoded',
  accept: 'application/json',
})

/** The body of a client_credentials request for one resource. */
export const clientCredentialsBody = (): string =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    scope: WORK.scope,
    resource: WORK.resource,
  }).toString()
