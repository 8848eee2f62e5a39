import type { OAuthError } from '@doorward/core'
import { respondAuthorization } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Browser } from '../http/browser.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import { formPostPage } from '../pages/form-post.ts'
import { appView } from '../pages/from-records.ts'
import { type AnswerTo, formTargets } from './load.ts'

type Outcome = { readonly code: string } | { readonly error: OAuthError }

type AnswerDeps = Pick<Deps, 'config' | 'audit'> & { readonly browser: Browser }

/** Sends code or error to the proven redirect URI, with `iss` (RFC 9207 §2) and `state`. */
export function answerAuthorization(
  to: AnswerTo,
  outcome: Outcome,
  deps: AnswerDeps,
): Reply | Promise<Reply> {
  const common = { state: to.state, iss: deps.config.issuer }
  const response =
    'code' in outcome
      ? { code: outcome.code, ...common }
      : { error: outcome.error.code, error_description: outcome.error.description, ...common }
  const delivery = respondAuthorization(to.redirectUri, response, to.responseMode)
  if (delivery.kind === 'redirect') return seeOther(delivery.location)
  const fields = Object.entries(delivery.fields)
  const view = { action: delivery.action, fields, app: appView(to.client, to.redirectUri) }
  return page(formPostPage(deps.browser.frame, view), { formTargets: formTargets(to, deps.browser) })
}

/** Sends a refusal to the proven redirect URI and puts it on record. */
export function refuseAuthorization(
  inbound: Inbound,
  to: AnswerTo,
  error: OAuthError,
  deps: AnswerDeps,
): Reply | Promise<Reply> {
  deps.audit.record({
    event: 'authorization.refused',
    reason: error.reason,
    error: error.code,
    clientId: to.client.id,
    ip: inbound.ip,
    reference: inbound.reference,
  })
  return answerAuthorization(to, { error }, deps)
}
