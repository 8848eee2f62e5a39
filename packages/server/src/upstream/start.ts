import { ClientError, depart, type ProviderDeps } from '@doorward/client/upstream'
import { asksAgain, type Errand } from '../authorization/destination.ts'
import { readRequest, stayAt } from '../authorization/load.ts'
import { signInHref } from '../authorization/sign-in-page.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { seeOther } from '../http/respond.ts'
import { canAskAgain, type Demand, demandOf, NO_DEMAND, wishesFor } from '../policy/upstream-sign-in.ts'
import type { UpstreamDeps } from './deps.ts'
import { upstreamFailure } from './failure.ts'
import { type Purpose, packTrip, writeTrip } from './trip.ts'

/** A sign-in with a provider that somebody asks for. */
export type Start = Errand & { readonly asked: ProviderDeps; readonly purpose: Purpose }

/**
 * Sends the browser to a provider: 303, with the transaction cookie. Where the provider cannot be asked it answers the
 * page that says so. Nothing is written but a long request. A link is the caller's to protect: a form with csrf, of
 * somebody who has just proved who they are. Throws OAuthError where the authorization request is at fault.
 */
export async function startUpstream(start: Start, inbound: Inbound, deps: UpstreamDeps): Promise<Reply> {
  const { asked, purpose, proven } = start
  const { browser } = deps
  // MUST NOT show anything, OpenID Connect Core §3.1.2.1: a provider would. The authorize endpoint says so to the app.
  if (proven !== null && readRequest(proven).prompt.has('none')) {
    return seeOther(stayAt('/oauth/authorize', proven, browser))
  }
  const demand = demandFor(purpose, start)
  if (demand.again === 'proven' && !canAskAgain(asked.provider)) {
    return seeOther(signInHref(start, browser, { kind: 'not_again', provider: asked.provider.id }))
  }
  const trip = await packTrip(purpose, start, inbound, deps)
  try {
    const leaving = {
      returnTo: writeTrip(trip),
      // Pages are at the issuer's own host and scheme alone (http/host-check).
      circumstances: 'fine' as const,
      cookieHeader: inbound.request.header('cookie'),
      sameSite: 'Lax' as const,
      wishes: wishesFor(asked.provider, demand),
    }
    const { url, cookies } = await depart(leaving, asked, deps.upstreams.keys)
    return seeOther(url.href, cookies)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    return upstreamFailure(error, { asked, inbound, purpose, errand: start }, deps)
  }
}

/** What is demanded of a sign-in beside who it is. */
export function demandFor(purpose: Purpose, { proven, destination }: Errand): Demand {
  if (proven !== null) return demandOf(readRequest(proven))
  if (purpose.kind === 'link') return { ...NO_DEMAND, select: true }
  return asksAgain(destination) ? { ...NO_DEMAND, again: 'asked' } : NO_DEMAND
}
