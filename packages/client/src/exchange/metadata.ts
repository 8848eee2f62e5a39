import { isLoopbackHost } from '@doorward/core'
import { ClientError } from '../errors.ts'
import type { ProviderFetch } from '../outgoing/as-fetch.ts'
import type { Claims, Endpoints, Provider } from '../providers/provider.ts'
import { readJsonObject, textOf } from './json.ts'

/** Where a provider is asked, and what it promises. */
export type ProviderMetadata = {
  /** As ID tokens and answers name it; with `{tenantid}` in it where it is a template. null: it has no name. */
  readonly issuer: string | null
  readonly authorization: string
  readonly token: string
  readonly userinfo: string | null
  readonly jwks: string | null
  readonly revocation: string | null
  readonly endSession: string | null
  /** True where every authorization answer has `iss` (RFC 9207 §3). */
  readonly namesIssuer: boolean
}

type Remembered = { readonly metadata: ProviderMetadata; readonly until: number }

/** Discovery documents change rarely, and a change takes an hour to be seen. */
const CACHE_SECONDS = 3600
/** While the provider does not answer, what is known goes on being used for so long before it is asked again. */
const RETRY_SECONDS = 30
const WELL_KNOWN = '/.well-known/openid-configuration'

/**
 * The provider's metadata, by discovery where it has an issuer (OpenID Connect Discovery §4), remembered for an hour,
 * and longer while the provider is down. Throws ClientError.
 */
export function rememberMetadata(
  provider: Provider,
  fetch: ProviderFetch,
  clock: () => number,
): () => Promise<ProviderMetadata> {
  let known: Remembered | null = null
  let underWay: Promise<ProviderMetadata> | null = null
  const load = async (): Promise<ProviderMetadata> => {
    try {
      const metadata = await loadMetadata(provider, fetch)
      known = { metadata, until: clock() + CACHE_SECONDS }
      return metadata
    } catch (error) {
      if (known === null) throw error
      known = { ...known, until: clock() + RETRY_SECONDS }
      return known.metadata
    } finally {
      underWay = null
    }
  }
  return async () => {
    if (known !== null && clock() < known.until) return known.metadata
    underWay ??= load()
    return underWay
  }
}

async function loadMetadata(provider: Provider, fetch: ProviderFetch): Promise<ProviderMetadata> {
  if (provider.issuer === undefined || provider.protocol === 'oauth2') return fixedMetadata(provider)
  if (isComplete(provider.endpoints)) return fixedMetadata(provider)
  const address = provider.issuer.replace(/\/$/, '') + WELL_KNOWN
  const response = await fetch(address).catch((error) => {
    throw named(error, provider)
  })
  if (response.status !== 200) {
    const detail = `${address} answered ${response.status}.`
    throw new ClientError('answer_unreadable', { provider: provider.id, detail })
  }
  return parseMetadata(await readJsonObject(response, provider.id), provider)
}

/** All that a sign-in needs, so that nothing is left to be discovered. */
function isComplete(endpoints: Endpoints | undefined): boolean {
  return endpoints?.jwks !== undefined
}

function fixedMetadata({ id, issuer, endpoints }: Provider): ProviderMetadata {
  if (endpoints === undefined) throw new ClientError('discovery_incomplete', { provider: id })
  return {
    issuer: issuer ?? null,
    authorization: endpoints.authorization,
    token: endpoints.token,
    userinfo: endpoints.userinfo ?? null,
    jwks: endpoints.jwks ?? null,
    revocation: endpoints.revocation ?? null,
    endSession: endpoints.endSession ?? null,
    namesIssuer: false,
  }
}

/** Throws discovery_issuer_mismatch, discovery_incomplete. */
function parseMetadata(document: Claims, provider: Provider): ProviderMetadata {
  const { id, endpoints, quirks } = provider
  const issuer = textOf(document, 'issuer')
  // OpenID Connect Discovery §4.3: MUST be the issuer that was asked, or another one speaks in its name.
  if (issuer === null || !isSameIssuer(issuer, provider)) {
    const detail = `It names ${JSON.stringify(issuer)}, the option is ${JSON.stringify(provider.issuer)}.`
    throw new ClientError('discovery_issuer_mismatch', { provider: id, detail })
  }
  const required = (member: string, own: string | undefined, fits = isWebAddress): string => {
    const address = own ?? textOf(document, member)
    if (address !== null && fits(address)) return address
    const detail = `${member} is missing, or no address that may be used.`
    throw new ClientError('discovery_incomplete', { provider: id, detail })
  }
  // One that is no address is none: nobody is kept from signing in or out by it.
  const optional = (member: string, own: string | undefined, fits = isWebAddress): string | null => {
    const address = own ?? textOf(document, member)
    return address !== null && fits(address) ? address : null
  }
  const forBrowsers = (address: string): boolean => isForBrowsers(address, issuer)
  const jwks = (): string => required('jwks_uri', endpoints?.jwks)
  return {
    issuer,
    authorization: required('authorization_endpoint', endpoints?.authorization, forBrowsers),
    token: required('token_endpoint', endpoints?.token),
    jwks: quirks?.hs256IdToken === true ? null : jwks(),
    userinfo: optional('userinfo_endpoint', endpoints?.userinfo),
    revocation: optional('revocation_endpoint', endpoints?.revocation),
    endSession: optional('end_session_endpoint', endpoints?.endSession, forBrowsers),
    namesIssuer: document.authorization_response_iss_parameter_supported === true,
  }
}

/** Character for character, but for a template, which stands for the issuers of many tenants at one host. */
function isSameIssuer(named: string, { issuer = '', quirks }: Provider): boolean {
  if (named === issuer) return true
  if (quirks?.issuerTemplate !== true || !URL.canParse(named)) return false
  return new URL(named).origin === new URL(issuer).origin
}

/** Whether http is allowed is decided where a call leaves. */
function isWebAddress(address: string): boolean {
  return /^https?:\/\//.test(address) && URL.canParse(address)
}

/**
 * Where browsers are sent, no call of ours leaves that could be refused: https, or http at the issuer's own host where
 * the issuer is at http itself, or on this machine.
 */
function isForBrowsers(address: string, issuer: string): boolean {
  if (!isWebAddress(address)) return false
  const [url, own] = [new URL(address), new URL(issuer)]
  if (url.protocol === 'https:') return true
  return own.protocol === 'http:' && (url.hostname === own.hostname || isLoopbackHost(url.hostname))
}

/** The same failure, with the provider's name on it. */
export function named(error: unknown, { id }: Pick<Provider, 'id'>): unknown {
  if (!(error instanceof ClientError) || error.provider !== null) return error
  const { code, detail, cause } = error
  return new ClientError(code, { provider: id, cause, detail: detail ?? undefined })
}
