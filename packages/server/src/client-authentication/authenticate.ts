import { type ClientAuthMethod, OAuthError, type Reason } from '@doorward/core'
import { type ClientCredentials, type Params, parseClientCredentials } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Client } from '../storage/records.ts'
import { checkAssertion } from './private-key-jwt.ts'
import { secretMatches } from './secret.ts'

/**
 * Proves which client a request comes from, by the one method it is registered for. `needs` is 'proof' where a
 * public client's mere name is not enough. Throws invalid_client, and puts each failure on record.
 */
export type AuthenticateClient = (
  inbound: Inbound,
  params: Params,
  needs?: 'name' | 'proof',
) => Promise<Client>

type AuthenticationDeps = Pick<Deps, 'config' | 'storage' | 'audit' | 'clock'>

/** The client authentication that token, introspection, revocation and challenge endpoints share (RFC 6749 §2.3). */
export function clientAuthentication(deps: AuthenticationDeps): AuthenticateClient {
  return async (inbound, params, needs = 'name') => {
    let client: Client | null = null
    try {
      const credentials = parseClientCredentials(inbound.request.header('authorization'), params)
      client = await deps.storage.clients.find(credentials.clientId)
      const proven = prove(credentials, client)
      if (credentials.method === 'private_key_jwt') await checkAssertion(credentials.assertion, proven, deps)
      if (needs === 'proof' && credentials.method === 'none') throw unproven()
      return proven
    } catch (error) {
      if (error instanceof OAuthError) recordFailure(error, client, inbound, deps)
      throw error
    }
  }
}

/** A secret is hashed and compared for a client that does not exist, too. An assertion is checked after it: that is a write. */
function prove(credentials: ClientCredentials, client: Client | null): Client {
  const secretRight = 'secret' in credentials && secretMatches(credentials.secret, client)
  if (client === null) throw wrongCredentials()
  const { tokenEndpointAuthMethod: registered } = client.metadata
  if (registered !== credentials.method) throw wrongMethod(registered)
  if ('secret' in credentials && !secretRight) throw wrongCredentials()
  return client
}

function recordFailure(
  { code, reason }: OAuthError,
  client: Client | null,
  { ip, reference }: Inbound,
  { audit }: AuthenticationDeps,
): void {
  // The id of a client that does not exist is whatever somebody typed: it is left out.
  audit.record({
    event: 'client_authentication.failed',
    error: code,
    reason,
    clientId: client?.id ?? null,
    ip,
    reference,
  })
}

function wrongCredentials(): OAuthError {
  return new OAuthError('invalid_client', 'No client has this id and secret.', {
    reason: 'client_credentials_wrong',
  })
}

function unproven(): OAuthError {
  return new OAuthError('invalid_client', 'This needs a client that can prove who it is.', {
    reason: 'client_public',
  })
}

function wrongMethod(registered: ClientAuthMethod): OAuthError {
  const description = `The client is registered for ${registered} and may use nothing else.`
  return new OAuthError('invalid_client', description, { reason: METHOD_REASONS[registered] })
}

const METHOD_REASONS = {
  client_secret_basic: 'client_uses_basic',
  client_secret_post: 'client_uses_post',
  private_key_jwt: 'client_uses_private_key_jwt',
  none: 'client_uses_none',
} as const satisfies Record<ClientAuthMethod, Reason>
