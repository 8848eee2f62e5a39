import { ClientError } from '../errors.ts'
import type { Claims } from '../providers/provider.ts'
import { readJson, readJsonObject } from './json.ts'
import { loadOauth } from './libraries.ts'
import { named } from './metadata.ts'
import type { ProviderDeps } from './provider-deps.ts'
import type { TokenAnswer } from './token-answer.ts'

/**
 * What userinfo says (OpenID Connect Core §5.3), or null where the provider has no such endpoint. Throws
 * ClientError; userinfo_subject_mismatch where it speaks of somebody else than the ID token.
 */
export async function findUserinfo(
  { tokens, members }: TokenAnswer,
  claims: Claims,
  deps: ProviderDeps,
): Promise<Claims | null> {
  const { provider, metadata } = deps
  if (provider.quirks?.userinfoInTokenAnswer === true) return members
  const { userinfo: address } = await metadata()
  if (address === null) return null
  const method = provider.quirks?.userinfoPost === true ? 'POST' : 'GET'
  const response = await askWithToken(tokens.accessToken, { method, address }, deps)
  const userinfo = await readJsonObject(response, provider.id)
  // OpenID Connect Core §5.3.2: MUST be the ID token's subject, or the token was exchanged for another one's.
  if (provider.protocol === 'oidc' && userinfo.sub !== claims.sub) {
    throw new ClientError('userinfo_subject_mismatch', { provider: provider.id })
  }
  return userinfo
}

/** What the provider's second endpoint says, or null where it has none. Throws ClientError. */
export async function findExtra(accessToken: string, deps: ProviderDeps): Promise<unknown> {
  const { extra, id } = deps.provider
  if (extra === undefined) return null
  const response = await askWithToken(accessToken, { method: 'GET', address: extra.url }, deps)
  return readJson(response, id)
}

type Question = { readonly method: 'GET' | 'POST'; readonly address: string }

async function askWithToken(
  accessToken: string,
  { method, address }: Question,
  { provider, fetch }: ProviderDeps,
): Promise<Response> {
  const { allowInsecureRequests, customFetch, protectedResourceRequest } = await loadOauth()
  const headers = new Headers({ accept: 'application/json' })
  const options = { [allowInsecureRequests]: true, [customFetch]: fetch }
  const response = await protectedResourceRequest(
    accessToken,
    method,
    new URL(address),
    headers,
    null,
    options,
  ).catch((error) => {
    throw refused(named(error, provider), provider.id)
  })
  if (response.status === 200) return response
  const detail = `${address} answered ${response.status}.`
  throw new ClientError('userinfo_refused', { provider: provider.id, detail })
}

/** oauth4webapi throws at a 401 with a challenge. */
function refused(error: unknown, provider: string): ClientError {
  if (error instanceof ClientError) return error
  return new ClientError('userinfo_refused', { provider, cause: error })
}
