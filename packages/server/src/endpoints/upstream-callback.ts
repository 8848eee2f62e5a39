import {
  ClientError,
  checkState,
  keepAnswer,
  openKeptAnswer,
  type ProviderDeps,
} from '@doorward/client/upstream'
import { createBrowser } from '../http/browser.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { seeOther } from '../http/respond.ts'
import { finishUpstream } from '../upstream/callback.ts'
import type { UpstreamDeps } from '../upstream/deps.ts'
import { upstreamFailure } from '../upstream/failure.ts'
import { providerAt } from '../upstream/providers.ts'

type UpstreamCallbackDeps = Omit<UpstreamDeps, 'browser' | 'jar'>

/** The parameter by which an answer that came as a form goes on. */
const ANSWER_PARAMETER = 'dw_answer'

/** `/login/:provider/callback`: the browser comes back (RFC 6749 §4.1.2), by GET or by a form (form_post). */
export function createUpstreamCallbackEndpoint(deps: UpstreamCallbackDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const asked = providerAt(inbound.path, deps.upstreams)
    try {
      if (inbound.method === 'POST') return await goOnByGet(inbound, asked, all)
      return await finishUpstream({ asked, inbound, parameters: answerOf(inbound, asked, all) }, all)
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      return upstreamFailure(error, { asked, inbound, purpose: null, errand: null }, all)
    }
  }
}

/**
 * A form of another site brings no SameSite=Lax cookie: neither of the sign-in that it answers nor of the accounts that
 * are signed in here. So the answer goes on by GET, which brings them all: sealed, since it holds a code.
 */
async function goOnByGet(inbound: Inbound, asked: ProviderDeps, deps: UpstreamDeps): Promise<Reply> {
  const form = await inbound.form()
  const { id: provider } = asked.provider
  // Only what answers a state of ours is worth an answer.
  checkState(form.get('state') ?? '', asked, deps.upstreams.keys)
  const kept = keepAnswer(form, keeping(provider, deps))
  if (kept === null) throw new ClientError('callback_malformed', { provider })
  const query = new URLSearchParams({ [ANSWER_PARAMETER]: kept })
  return seeOther(deps.browser.href(`/login/${provider}/callback`, query))
}

function answerOf({ query }: Inbound, { provider }: ProviderDeps, deps: UpstreamDeps): URLSearchParams {
  const kept = query.get(ANSWER_PARAMETER)
  if (kept === null) return query
  const answer = openKeptAnswer(kept, keeping(provider.id, deps))
  if (answer === null) throw new ClientError('state_expired', { provider: provider.id })
  return answer
}

function keeping(provider: string, { upstreams, clock }: UpstreamDeps) {
  return { keys: upstreams.keys.transactions.keys, provider, now: clock() }
}
