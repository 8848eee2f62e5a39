import { sha256 } from '@doorward/core/crypto'
import { ClientError } from '../errors.ts'
import { verifyLogoutToken } from '../exchange/logout-token.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import type { ClientDeps } from './deps.ts'
import type { Incoming, Reply } from './incoming.ts'

/**
 * Ends the sessions that a provider's logout token names (OpenID Connect Back-Channel Logout 1.0 §2.7). Throws
 * ClientError: the token is refused, or there is no store whose sessions could be ended.
 */
export async function backChannelLogout(
  request: Incoming,
  asked: ProviderDeps,
  { sessions, settings }: ClientDeps,
): Promise<Reply> {
  const { provider } = asked
  if (request.method !== 'POST') throw new ClientError('method_not_allowed')
  if (sessions === null) throw new ClientError('sessions_not_kept', { provider: provider.id })
  const [token, ...others] = (await request.form()).getAll('logout_token')
  if (token === undefined || others.length > 0) {
    throw new ClientError('logout_token_invalid', {
      provider: provider.id,
      detail: 'There is not one of it.',
    })
  }
  const { sid, subject, jti, expiresAt } = await verifyLogoutToken(token, asked)
  const once = { key: `logout:${sha256(`${provider.id} ${jti}`)}`, expiresAt: expiresAt + 1 }
  const first = await sessions.endUpstream({ provider: provider.id, sid, subject, once }, settings.clock())
  if (!first) throw new ClientError('logout_token_replayed', { provider: provider.id })
  return { status: 200, headers: { 'Cache-Control': 'no-store' }, cookies: [], body: null }
}
