import type { createRemoteJWKSet, JWTHeaderParameters } from 'jose'
import { ClientError } from '../errors.ts'
import type { ProviderFetch } from '../outgoing/as-fetch.ts'
import { loadJose } from './libraries.ts'

/** A key set by its address, fetched and remembered. */
export type KeySet = ReturnType<typeof createRemoteJWKSet>

/** What a provider signs with. */
export type ProviderKeys = {
  /** For ID tokens, which come from the provider itself: an unknown `kid` is asked for at once. */
  readonly forIdTokens: (jwks: string) => Promise<KeySet>
  /** For logout tokens, which anybody may send: an unknown `kid` is asked for every 30 seconds at most. */
  readonly forLogoutTokens: (jwks: string) => Promise<KeySet>
}

/** Longer than any call may take: the `fetch` has its own limit. */
const TIMEOUT_MS = 300_000

/** A provider's key set: one at a time, so that one whose discovery names ever new addresses fills no memory. */
export function rememberKeys(fetch: ProviderFetch): ProviderKeys {
  return { forIdTokens: keySets(fetch, 0), forLogoutTokens: keySets(fetch, 30_000) }
}

function keySets(fetch: ProviderFetch, cooldownDuration: number): (jwks: string) => Promise<KeySet> {
  let held: { readonly jwks: string; readonly set: KeySet } | null = null
  return async (jwks) => {
    const { createRemoteJWKSet, customFetch } = await loadJose()
    const options = {
      cooldownDuration,
      timeoutDuration: TIMEOUT_MS,
      [customFetch]: (url: string, { headers }: { headers: Headers }) => readKeySet(fetch, url, headers),
    }
    // Nothing is awaited from here on, so that calls that come together share one set.
    if (held?.jwks !== jwks) held = { jwks, set: createRemoteJWKSet(new URL(jwks), options) }
    return held.set
  }
}

/**
 * Whose the key of a header is, where the set says so by the member `issuer`: Microsoft Entra ID publishes the keys of
 * all directories in one set. A template has `{tenantid}` in it.
 */
export function issuersOf({ kid, alg }: JWTHeaderParameters, keySet: KeySet): readonly string[] {
  const kty = alg.startsWith('ES') ? 'EC' : alg.startsWith('Ed') ? 'OKP' : 'RSA'
  return (keySet.jwks()?.keys ?? [])
    .filter((key) => key.kty === kty && (kid === undefined || key.kid === kid))
    .flatMap((key) => ('issuer' in key && typeof key.issuer === 'string' ? [key.issuer] : []))
}

async function readKeySet(fetch: ProviderFetch, url: string, headers: Headers): Promise<Response> {
  const response = await fetch(url, { headers })
  if (response.status === 200) return response
  throw new ClientError('answer_unreadable', { detail: `${url} answered ${response.status}.` })
}
