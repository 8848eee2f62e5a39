import { sha256 } from '@doorward/core/crypto'
import type { ProviderDeps } from './provider-deps.ts'

/** What is fresh in each authorization request. */
export type FreshValues = { readonly state: string; readonly nonce: string; readonly verifier: string }

/** What this one sign-in asks for beside, by parameter: `login_hint`, `prompt` and their like. */
export type Wishes = Readonly<Record<string, string>>

/**
 * Where to send the browser (RFC 6749 §4.1.1, with PKCE by RFC 7636 §4.3 and the nonce of OpenID Connect Core
 * §3.1.2.1). Throws ClientError where discovery fails.
 */
export async function authorizationUrl(
  { state, nonce, verifier }: FreshValues,
  { provider, metadata, redirectUri }: ProviderDeps,
  wishes: Wishes = {},
): Promise<URL> {
  const url = new URL((await metadata()).authorization)
  const { scope, clientId, quirks, authorizationParameters } = provider
  const parameters = {
    // First, so that nobody sets what protects the sign-in.
    ...authorizationParameters,
    ...wishes,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: quirks?.commaScopes === true ? scope.split(' ').join(',') : scope,
    state,
    ...(provider.protocol === 'oidc' ? { nonce } : {}),
    ...(provider.pkce ? { code_challenge: sha256(verifier), code_challenge_method: 'S256' } : {}),
    ...(quirks?.formPost === true ? { response_mode: 'form_post' } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== '') url.searchParams.set(name, value)
  }
  return url
}
