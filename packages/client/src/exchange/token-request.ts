import type { AuthorizationServer } from 'oauth4webapi'
import type { ProviderFetch } from '../outgoing/as-fetch.ts'
import { clientAuthentication } from './client-authentication.ts'
import { loadOauth } from './libraries.ts'
import { named, type ProviderMetadata } from './metadata.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { parseTokenAnswer, type TokenAnswer } from './token-answer.ts'

/** What is asked of a token endpoint. */
export type Grant = 'authorization_code' | 'refresh_token'

/**
 * One request at the provider's token endpoint (RFC 6749 §3.2). Throws ClientError: of the network, or what the
 * provider says.
 */
export async function requestTokens(
  grant: Grant,
  parameters: Readonly<Record<string, string>>,
  deps: ProviderDeps,
): Promise<TokenAnswer> {
  const { provider, metadata, clock } = deps
  const server = serverOf(await metadata())
  const auth = await clientAuthentication(provider, clock())
  const client = { client_id: provider.clientId }
  const oauth = await loadOauth()
  const asked = { ...parameters }
  const response = await oauth
    .genericTokenEndpointRequest(server, client, auth, grant, asked, options(oauth, deps))
    .catch((error) => {
      throw named(error, provider)
    })
  return parseTokenAnswer(response, grant, deps)
}

/** Ends a token at the provider, where it has an endpoint for that (RFC 7009). Throws ClientError. */
export async function requestRevocation(token: string, deps: ProviderDeps): Promise<void> {
  const { provider, metadata, clock } = deps
  const known = await metadata()
  if (known.revocation === null) return
  const auth = await clientAuthentication(provider, clock())
  const client = { client_id: provider.clientId }
  const oauth = await loadOauth()
  const asked = oauth.revocationRequest(serverOf(known), client, auth, token, options(oauth, deps))
  await asked.catch((error) => {
    throw named(error, provider)
  })
}

function serverOf({ issuer, token, revocation }: ProviderMetadata): AuthorizationServer {
  return {
    issuer: issuer ?? new URL(token).origin,
    token_endpoint: token,
    ...(revocation === null ? {} : { revocation_endpoint: revocation }),
  }
}

type Oauth = Awaited<ReturnType<typeof loadOauth>>

/** Where http may go is decided by the fetch that the options carry. */
function options({ allowInsecureRequests, customFetch }: Oauth, { provider, fetch }: ProviderDeps) {
  const asked = provider.quirks?.jsonTokenRequest === true ? inJson(fetch) : fetch
  return { [allowInsecureRequests]: true, [customFetch]: asked }
}

/** The same request as a JSON document, for providers that take no form. */
function inJson(fetch: ProviderFetch): ProviderFetch {
  return (url, sent) => {
    const headers = new Headers(sent?.headers)
    headers.set('content-type', 'application/json')
    const body = JSON.stringify(Object.fromEntries(new URLSearchParams(String(sent?.body))))
    return fetch(url, { ...sent, headers, body })
  }
}
