import { ClientError, type ClientErrorCode, type LiveToken } from '@doorward/client/vault'
import { OAuthError } from '@doorward/core'
import type { AccessTokenClaims } from '@doorward/core/jwt'
import { parseBearer } from '@doorward/core/messages'
import type { AuditEvent, Deps } from '../deps.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { privateJson } from '../http/respond.ts'
import { connectionScope } from '../policy/connection-scopes.ts'
import { providerOf } from '../policy/upstream-account.ts'
import type { Client, Identity } from '../storage/records.ts'
import { familyOf } from '../tokens/jti.ts'
import type { OwnAccessTokens } from '../tokens/verify.ts'
import { OUTAGES } from '../upstream/outages.ts'

type ConnectionTokenDeps = Pick<Deps, 'config' | 'storage' | 'connections' | 'audit' | 'clock'> & {
  readonly accessTokens: OwnAccessTokens
}

/** What a request is about: whose account, at which provider, for which client. */
type Asked = { readonly provider: string; readonly claims: AccessTokenClaims }

/** Ids as the settings have them, nothing decoded: what a percent sign hides is no id. */
const PATH = /^\/api\/v1\/me\/connections\/([a-z0-9-]{1,32})\/token$/

/**
 * `/api/v1/me/connections/:provider/token`, GET: a live access token of the person's own account at a provider, for an access
 * token of ours (RFC 6750) for the issuer, with the scope `connections:<provider>`, which client and person still allow.
 */
export function createConnectionTokenEndpoint(deps: ConnectionTokenDeps): Handler {
  return async (inbound) => {
    const provider = PATH.exec(inbound.path)?.[1]
    if (provider === undefined) throw notFound()
    const claims = readToken(inbound, deps)
    const asked = { provider, claims }
    try {
      checkKnown(asked, deps)
      const identity = await findIdentity(asked, deps)
      const token = await freshToken(identity, provider, deps)
      record({ event: 'connection.token_issued' }, asked, inbound, deps)
      return respond(token, deps.clock())
    } catch (cause) {
      recordRefusal(cause, asked, inbound, deps)
      throw cause
    }
  }
}

function readToken(inbound: Inbound, { accessTokens, config }: ConnectionTokenDeps): AccessTokenClaims {
  const token = parseBearer(inbound.request.header('authorization'))
  if (token === null) {
    throw new OAuthError('invalid_token', 'The request carries no access token.', { reason: 'token_missing' })
  }
  const claims = accessTokens.read(token)
  // One for an API is in that API's hands: it opens nothing here (RFC 9700 §2.3).
  if (claims === null || !claims.audience.includes(config.issuer)) throw dead()
  return claims
}

function checkKnown({ provider, claims }: Asked, { config }: ConnectionTokenDeps): void {
  if (!config.providers.some(({ id }) => id === provider)) {
    throw new OAuthError('connection_not_found', 'No provider is configured under this id.', {
      reason: 'provider_unknown',
    })
  }
  const scope = connectionScope(provider)
  if (claims.scopes.includes(scope)) return
  throw new OAuthError('insufficient_scope', 'The access token lacks the scope of this connection.', {
    reason: 'token_without_connection',
    scope,
  })
}

/** The person's identity at the provider, the last used first. Throws OAuthError where anything stands against it by now. */
async function findIdentity({ provider, claims }: Asked, deps: ConnectionTokenDeps): Promise<Identity> {
  const { storage, accessTokens } = deps
  const { subject, clientId } = claims
  if (familyOf(claims.jti) === null) throw dead()
  const [live, client, consents, identities] = await Promise.all([
    accessTokens.isLive(claims),
    storage.clients.find(clientId),
    storage.consents.find(subject, clientId),
    storage.identities.ofUser(subject),
  ])
  if (!live) throw dead()
  const scope = connectionScope(provider)
  const agreed = consents.some((item) => item.scope === scope && item.resource === deps.config.issuer)
  if (!agreed || !mayAsk(client, scope)) throw notAllowed(scope)
  const [identity] = identities
    .filter((each) => providerOf(each, deps.config.providers)?.id === provider)
    .sort((one, other) => other.lastUsedAt - one.lastUsedAt)
  if (identity !== undefined) return identity
  throw new OAuthError('connection_not_found', 'The person has connected no account of this provider.', {
    reason: 'connection_unlinked',
  })
}

const mayAsk = (client: Client | null, scope: string): boolean =>
  client?.metadata.scopes.includes(scope) === true

/** Throws OAuthError: connection_lapsed where only the person can help, upstream_unavailable, upstream_failed. */
async function freshToken(
  { id }: Identity,
  provider: string,
  { connections }: ConnectionTokenDeps,
): Promise<LiveToken> {
  try {
    return await connections.accessToken(id, provider)
  } catch (cause) {
    throw cause instanceof ClientError ? explained(cause) : cause
  }
}

/** Tokens that are gone, closed or refused: a new sign-in with the provider brings new ones, and nothing else does. */
const LAPSED: ReadonlySet<ClientErrorCode> = new Set([
  'session_missing',
  'tokens_not_opened',
  'refresh_token_missing',
  'refresh_refused',
  'unknown_provider',
])
/** Seconds: a provider that is back, and one whose settings an operator has mended. */
const RETRY = { passing: 10, failed: 60 } as const

function explained(cause: ClientError): OAuthError {
  if (LAPSED.has(cause.code)) {
    const description = 'The person has to sign in with the provider again.'
    return new OAuthError('connection_lapsed', description, { reason: 'connection_lapsed', cause })
  }
  if (OUTAGES.has(cause.code)) {
    return new OAuthError('upstream_unavailable', 'The provider cannot be reached for the moment.', {
      reason: 'upstream_unavailable',
      retryAfter: RETRY.passing,
      cause,
    })
  }
  return new OAuthError('upstream_failed', 'The provider answered in a way that is of no use.', {
    reason: 'upstream_failed',
    retryAfter: RETRY.failed,
    cause,
  })
}

function respond({ accessToken, expiresAt, scope }: LiveToken, now: number): Reply {
  const expiry = expiresAt === null ? {} : { expires_in: Math.max(0, expiresAt - now) }
  return privateJson({ access_token: accessToken, token_type: 'Bearer', ...expiry, scope })
}

type Happened = Pick<AuditEvent, 'event' | 'reason' | 'error'>

function recordRefusal(cause: unknown, asked: Asked, inbound: Inbound, deps: ConnectionTokenDeps): void {
  if (!(cause instanceof OAuthError)) return
  const inner = cause.cause instanceof ClientError ? cause.cause.code : cause.reason
  const event = inner === 'refresh_refused' ? 'connection.lapsed' : 'connection.refused'
  record({ event, reason: inner, error: cause.code }, asked, inbound, deps)
}

function record(
  happened: Happened,
  { claims, provider }: Asked,
  { ip, reference }: Inbound,
  { audit }: ConnectionTokenDeps,
): void {
  const { clientId, subject, sid, jti } = claims
  const who = { clientId, userId: subject, sid, familyId: familyOf(jti) }
  audit.record({ ...happened, ...who, provider, ip, reference })
}

function notFound(): OAuthError {
  return new OAuthError('invalid_request', 'Nothing answers at this address.', {
    reason: 'not_found',
    status: 404,
  })
}

function dead(): OAuthError {
  return new OAuthError('invalid_token', 'The access token is expired, revoked or not one of ours.', {
    reason: 'token_dead',
  })
}

function notAllowed(scope: string): OAuthError {
  return new OAuthError('insufficient_scope', 'Client or person no longer allow this.', {
    reason: 'connection_not_allowed',
    scope,
  })
}
