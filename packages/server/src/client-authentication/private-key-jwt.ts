import { ASSERTION_ALGS, type ClientMetadata, OAuthError, verifyClientAssertion } from '@doorward/core'
import type { VerificationKey } from '@doorward/core/crypto'
import { parseJwks } from '@doorward/core/jwks'
import { ENDPOINT_PATHS, endpointUrl } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Client } from '../storage/records.ts'

type AssertionDeps = Pick<Deps, 'config' | 'storage' | 'clock'>

/** Imported keys of registered key sets, for as long as the record is in use. */
const imported = new WeakMap<ClientMetadata, readonly VerificationKey[]>()

/**
 * Checks a client assertion, and that it comes for the first time (RFC 7523 §3). Throws invalid_client.
 */
export async function checkAssertion(assertion: string, client: Client, deps: AssertionDeps): Promise<void> {
  const { issuer } = deps.config
  const { jti, exp } = verifyClientAssertion(assertion, {
    clientId: client.id,
    keys: keysOf(client.metadata),
    audiences: [issuer, endpointUrl(issuer, ENDPOINT_PATHS.token)],
    now: deps.clock(),
  })
  if (await deps.storage.replays.insertOnce(client.id, jti, exp)) return
  throw new OAuthError('invalid_client', 'The client assertion was used before.', {
    reason: 'assertion_replayed',
  })
}

function keysOf(metadata: ClientMetadata): readonly VerificationKey[] {
  const known = imported.get(metadata)
  if (known !== undefined) return known
  const { tokenEndpointAuthSigningAlg: alg, jwks } = metadata
  const keys = jwks === null ? [] : parseJwks(jwks, alg === null ? ASSERTION_ALGS : [alg])
  imported.set(metadata, keys)
  return keys
}
