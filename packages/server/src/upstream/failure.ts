import type { ClientError, ProviderDeps } from '@doorward/client/upstream'
import { destinationPath, type Errand } from '../authorization/destination.ts'
import { errandHref, signInHref } from '../authorization/sign-in-page.ts'
import type { AuditEvent } from '../deps.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import { upstreamErrorPage } from '../pages/upstream-error.ts'
import type { UpstreamErrorView } from '../pages/views.ts'
import type { UpstreamDeps } from './deps.ts'
import type { Purpose } from './trip.ts'
import { fixFor, wordsFor } from './wording.ts'

/** Where a sign-in with a provider stood. `errand` and `purpose`: null where nobody knows whose it was. */
export type Standing = {
  readonly asked: ProviderDeps
  readonly purpose: Purpose | null
  readonly errand: Errand | null
}

/**
 * Answers a sign-in with a provider that failed, and puts it on record: a refusal there leads back to where another way
 * can be chosen, everything else is a page with cause and fix.
 */
export function upstreamFailure(
  error: ClientError,
  standing: Standing,
  inbound: Inbound,
  deps: UpstreamDeps,
): Reply | Promise<Reply> {
  const { asked, errand } = standing
  recordFailure(error.code, standing, inbound, deps)
  if (error.code === 'access_denied' && errand !== null) {
    return seeOther(backHref('denied', standing, deps))
  }
  const { title, text, next, again } = wordsFor(error, asked.provider.name)
  return failurePage({ title, text, next }, standing, inbound, deps, {
    status: error.explained.status,
    again,
    developer: {
      fix: fixFor(error, asked.redirectUri),
      code: error.code,
      explainedIn: `docs/reference/client.md#${error.code}`,
      provider: asked.provider.id,
      words: error.detail,
    },
  })
}
