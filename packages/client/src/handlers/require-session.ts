import { ClientError } from '../errors.ts'
import type { Session } from '../session/session.ts'
import type { ClientDeps } from './deps.ts'
import { failureReply } from './failure.ts'
import { type Incoming, type Reply, redirect } from './incoming.ts'
import { RETURN_TO } from './login.ts'

/** Either who is signed in, or what to answer instead. */
export type Admission =
  | { readonly session: Session; readonly reply: null }
  | { readonly session: null; readonly reply: Reply }

/**
 * Lets only people pass who are signed in. A browser that opens a page is sent to the sign-in where there is one
 * provider, and offered all of them where there are several; anything else gets a 401.
 */
export async function requireSession(request: Incoming, deps: ClientDeps): Promise<Admission> {
  const { keeper, settings, providers, paths } = deps
  try {
    const session = await keeper.find(request.header('cookie'), settings.clock())
    if (session !== null) return { session, reply: null }
  } catch (error) {
    return { session: null, reply: await failureReply(error, request, deps) }
  }
  const [only, ...others] = providers.keys()
  const opensPage = request.method === 'GET' && request.header('accept')?.includes('text/html') === true
  if (opensPage && only !== undefined && others.length === 0) {
    const query = new URLSearchParams({ [RETURN_TO]: request.target })
    return { session: null, reply: redirect(`${paths.login(only)}?${query}`, []) }
  }
  return { session: null, reply: await failureReply(new ClientError('session_missing'), request, deps) }
}
