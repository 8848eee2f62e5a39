import type { JsonWebKey } from 'node:crypto'

/** What every guard of this group is told, and checks. */
export type Api = {
  readonly issuer: string
  readonly jwksUri: string
  readonly audience: string
  readonly scope: string
  /** How many verified tokens @fastify/jwt remembers; null is its default: none. */
  readonly cache: number | null
  /** Where hono's `jwk` finds the keys: `jwks_uri`, or `keys` that it was given once. */
  readonly keys: 'jwks_uri' | 'keys'
}

/** What every guarded route answers, as the first tutorial's does. */
export const greeting = (email: unknown): { readonly message: string } => ({ message: `Hello, ${email}!` })

type PublishedKey = JsonWebKey & { readonly kid: string }

/** The issuer's signing key, fetched once, for guards that want it given. */
export async function fetchSigningKey({ jwksUri }: Api): Promise<PublishedKey> {
  const { keys } = (await (await fetch(jwksUri)).json()) as { readonly keys: readonly PublishedKey[] }
  const key = keys.find(({ alg }) => alg === 'ES256')
  if (key === undefined) throw new Error(`no ES256 key at ${jwksUri}`)
  return key
}
