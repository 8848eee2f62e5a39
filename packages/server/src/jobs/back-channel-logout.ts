import type { SafeFetch } from '@doorward/client/outgoing'
import { RefusedAddressError } from '@doorward/client/outgoing'
import type { Reason } from '@doorward/core'
import { randomToken } from '@doorward/core/crypto'
import { LOGOUT_TOKEN_TYP, logoutTokenClaims, signJwt } from '@doorward/core/jwt'
import type { Deps } from '../deps.ts'
import { LOGOUT_TOKEN_SECONDS } from '../policy/lifetimes.ts'
import type { Client, LogoutDelivery } from '../storage/records.ts'

/** Deliveries taken in one go, sent side by side. */
const BATCH = 20
/** Longer than one delivery can take: then another node may try it. */
const LEASE_SECONDS = 30
const TIMEOUT_MS = 10_000
/** Seconds to wait after the first, second, … failed attempt; after the last it is given up. */
const BACKOFF_SECONDS = [5, 30, 120, 600, 3_600] as const

type DeliveryDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'audit' | 'clock'> & {
  readonly safeFetch: SafeFetch
}

/**
 * Tells clients of sessions that ended: takes what is due, and sends each a logout token. To be called about
 * once a second.
 * @see OpenID Connect Back-Channel Logout §2.5
 */
export async function deliverLogouts(deps: DeliveryDeps): Promise<void> {
  const deliveries = await deps.storage.logoutDeliveries.take(BATCH, LEASE_SECONDS, deps.clock())
  const outcomes = await Promise.allSettled(deliveries.map((delivery) => deliver(deps, delivery)))
  for (const outcome of outcomes) if (outcome.status === 'rejected') deps.audit.fault(null, outcome.reason)
}

async function deliver(deps: DeliveryDeps, delivery: LogoutDelivery): Promise<void> {
  const { storage, audit } = deps
  const client = await storage.clients.find(delivery.clientId)
  const uri = client?.metadata.backchannelLogoutUri ?? null
  if (client === null || uri === null) return storage.logoutDeliveries.done(delivery.id)
  const failure = await send(deps, uri, await logoutToken(deps, client, delivery))
  const { clientId, userId, sid } = delivery
  if (failure === null) {
    await storage.logoutDeliveries.done(delivery.id)
    return audit.record({ event: 'logout.delivered', clientId, userId, sid })
  }
  const wait = BACKOFF_SECONDS[Math.max(0, delivery.attempts - 1)]
  if (wait === undefined) await storage.logoutDeliveries.done(delivery.id)
  else await storage.logoutDeliveries.retryAt(delivery.id, deps.clock() + wait)
  audit.record({
    event: 'logout.undelivered',
    reason: wait === undefined ? 'logout_given_up' : failure,
    clientId,
    userId,
    sid,
  })
}

async function logoutToken(deps: DeliveryDeps, client: Client, delivery: LogoutDelivery): Promise<string> {
  const now = deps.clock()
  const claims = logoutTokenClaims({
    issuer: deps.config.issuer,
    clientId: client.id,
    subject: delivery.userId,
    sid: delivery.sid,
    issuedAt: now,
    expiresAt: now + LOGOUT_TOKEN_SECONDS,
    jti: randomToken(16),
  })
  const key = await deps.keyring.signer(client.metadata.idTokenSignedResponseAlg)
  return signJwt({ typ: LOGOUT_TOKEN_TYP }, claims, key)
}

/** Why it failed, or null. 204 counts as done too: some frameworks answer it for an empty 200 (§2.8). */
async function send({ safeFetch }: DeliveryDeps, url: string, token: string): Promise<Reason | null> {
  try {
    const { status } = await safeFetch({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      timeoutMs: TIMEOUT_MS,
    })
    return status === 200 || status === 204 ? null : 'logout_unreachable'
  } catch (cause) {
    return cause instanceof RefusedAddressError ? 'logout_address_private' : 'logout_unreachable'
  }
}
