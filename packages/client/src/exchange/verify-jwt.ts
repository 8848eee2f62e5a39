import type { errors, JWTHeaderParameters, JWTPayload, JWTVerifyGetKey, jwtVerify } from 'jose'
import { ClientError, type ClientErrorCode } from '../errors.ts'
import { issuersOf } from './keys.ts'
import { loadJose } from './libraries.ts'
import type { ProviderDeps } from './provider-deps.ts'

/** A JWT of the provider whose signature, issuer, audience and times are right. */
export type VerifiedToken = { readonly header: JWTHeaderParameters; readonly claims: JWTPayload }

type JoseErrors = typeof errors

/** Never `none`, and no HMAC: a public key would do as its secret (RFC 8725 §3.1). */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/**
 * Verifies a token that the provider signed for us (OpenID Connect Core §3.1.3.7). Throws ClientError: the codes of
 * the ID token.
 */
export async function verifyProviderJwt(
  token: string,
  deps: ProviderDeps,
  use: 'forIdTokens' | 'forLogoutTokens',
): Promise<VerifiedToken> {
  const { provider, clock, clockTolerance } = deps
  const now = clock()
  const rules = {
    audience: provider.clientId,
    clockTolerance,
    currentDate: new Date(now * 1000),
    requiredClaims: ['iss', 'aud', 'iat', ...(use === 'forIdTokens' ? ['sub', 'exp'] : [])],
  }
  const { errors } = await loadJose()
  const { header, claims, keyIssuers } = await verifySignature(token, deps, { use, rules }).catch((error) => {
    throw judge(error, provider.id, errors)
  })
  await checkIssuer(claims, keyIssuers, deps)
  if (claims.iat !== undefined && claims.iat > now + clockTolerance) {
    throw new ClientError('id_token_early', { provider: provider.id })
  }
  return { header, claims }
}

type Check = {
  readonly use: 'forIdTokens' | 'forLogoutTokens'
  readonly rules: Parameters<typeof jwtVerify>[2]
}

/** `keyIssuers`: whose the provider says the key is; mostly it says nothing. */
type Signed = VerifiedToken & { readonly keyIssuers: readonly string[] }

async function verifySignature(token: string, deps: ProviderDeps, { use, rules }: Check): Promise<Signed> {
  const { provider, metadata, keys } = deps
  const { errors, jwtVerify } = await loadJose()
  if (provider.quirks?.hs256IdToken === true) {
    const secret = new TextEncoder().encode(await secretOf(deps))
    const { protectedHeader, payload } = await jwtVerify(token, secret, { ...rules, algorithms: ['HS256'] })
    return { header: protectedHeader, claims: payload, keyIssuers: [] }
  }
  const { jwks } = await metadata()
  if (jwks === null)
    throw new ClientError('discovery_incomplete', { provider: provider.id, detail: 'jwks_uri' })
  const keySet = await keys[use](jwks)
  const checks = { ...rules, algorithms: ALGORITHMS }
  let keyIssuers: readonly string[] = []
  const keyFor: JWTVerifyGetKey = async (header, jws) => {
    const key = await keySet(header, jws)
    keyIssuers = issuersOf(header, keySet)
    return key
  }
  const verified = await jwtVerify(token, keyFor, checks).catch(async (error) => {
    // Not every provider gives a new key a new id, or any: what is remembered may be the old one.
    if (!(error instanceof errors.JWSSignatureVerificationFailed) || keySet.coolingDown) throw error
    await keySet.reload()
    return jwtVerify(token, keyFor, checks)
  })
  return { header: verified.protectedHeader, claims: verified.payload, keyIssuers }
}

async function secretOf({ provider, clock }: ProviderDeps): Promise<string> {
  const { clientSecret } = provider
  if (typeof clientSecret === 'function') return clientSecret(clock())
  if (clientSecret !== undefined) return clientSecret
  throw new ClientError('client_rejected', { provider: provider.id, detail: 'clientSecret is not set.' })
}

/**
 * Exactly the issuer; where that is a template, with the token's own tenant in its place. A key that is said to be
 * somebody's signs for them alone, or the owner of one directory could speak for another's people.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens
 */
async function checkIssuer(
  { iss, tid }: JWTPayload,
  keyIssuers: readonly string[],
  { provider, metadata }: ProviderDeps,
): Promise<void> {
  const { issuer } = await metadata()
  const expected = provider.quirks?.issuerTemplate === true ? issuerOfTenant(issuer, tid) : issuer
  const wrong = [expected, ...keyIssuers.map((of) => issuerOfTenant(of, tid))].find((one) => one !== iss)
  if (expected !== null && wrong === undefined) return
  const detail = `It names ${JSON.stringify(iss)}, not ${JSON.stringify(wrong)}.`
  throw new ClientError('id_token_issuer', { provider: provider.id, detail })
}

/** null where the token names no tenant: a template alone is nobody. */
function issuerOfTenant(template: string | null, tid: unknown): string | null {
  if (template === null || !template.includes('{tenantid}')) return template
  return typeof tid === 'string' && /^[\w-]+$/.test(tid) ? template.replace('{tenantid}', tid) : null
}

const CLAIM_CODES: Readonly<Record<string, ClientErrorCode>> = {
  iss: 'id_token_issuer',
  aud: 'id_token_audience',
  nbf: 'id_token_early',
}

/** What jose says, as one of our codes. */
function judge(error: unknown, provider: string, errors: JoseErrors): unknown {
  if (error instanceof ClientError) {
    const { code, detail, cause } = error
    return new ClientError(code, { provider, cause, detail: detail ?? undefined })
  }
  return new ClientError(codeOf(error, errors), { provider, cause: error })
}

function codeOf(error: unknown, errors: JoseErrors): ClientErrorCode {
  if (error instanceof errors.JWTExpired) return 'id_token_expired'
  if (error instanceof errors.JWTClaimValidationFailed) {
    const code = error.reason === 'missing' ? undefined : CLAIM_CODES[error.claim]
    return code ?? 'id_token_malformed'
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'id_token_signature'
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return 'id_token_algorithm'
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'id_token_key'
  }
  if (error instanceof errors.JWKSTimeout) return 'answer_timed_out'
  if (error instanceof errors.JWKSInvalid) return 'answer_unreadable'
  // jose's word for a key set that is no JSON.
  if (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') return 'answer_unreadable'
  return 'id_token_malformed'
}
