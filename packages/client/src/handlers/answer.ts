import { ClientError } from '../errors.ts'
import { backChannelLogout } from './back-channel-logout.ts'
import { callback } from './callback.ts'
import type { ClientDeps } from './deps.ts'
import { failureReply } from './failure.ts'
import { type Incoming, pathOf, type Reply } from './incoming.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import type { Route } from './paths.ts'
import { STYLE_REPLY } from './style.ts'

/** Answers a request at one of the client's addresses; null where the address is the app's own. Never rejects. */
export async function answer(request: Incoming, deps: ClientDeps): Promise<Reply | null> {
  const route = deps.paths.find(pathOf(request.target))
  if (route === null) return null
  return dispatch(request, route, deps).catch((error) => failureReply(error, request, deps))
}

async function dispatch(request: Incoming, { kind, provider }: Route, deps: ClientDeps): Promise<Reply> {
  if (kind === 'style') return STYLE_REPLY
  if (kind === 'logout') return logout(request, deps)
  const asked = deps.providers.get(provider ?? '')
  if (asked === undefined) throw new ClientError('unknown_provider')
  if (kind === 'login') return login(request, asked, deps)
  if (kind === 'callback') return callback(request, asked, deps)
  return backChannelLogout(request, asked, deps)
}
