import type { ClientError, ProviderDeps } from '@doorward/client/upstream'
import { REASONS } from '@doorward/core'
import { destinationPath, type Errand } from '../authorization/destination.ts'
import { connectionsHref } from '../authorization/notice.ts'
import { errandHref, signInHref } from '../authorization/sign-in-page.ts'
import type { AuditEvent } from '../deps.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import { upstreamErrorPage } from '../pages/upstream-error.ts'
import type { SignInNotice, UpstreamErrorView } from '../pages/views.ts'
import type { AdmissionRefusal } from '../policy/upstream-account.ts'
import type { UpstreamDeps } from './deps.ts'
import type { Purpose } from './trip.ts'
import { type AccountRefusal, fixFor, refusalWords, type Words, wordsFor } from './wording.ts'

/** A sign-in with a provider, and where it stood. */
export type Standing = {
  readonly asked: ProviderDeps
  readonly inbound: Inbound
  /** null where nobody knows whose it was. */
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
  deps: UpstreamDeps,
): Reply | Promise<Reply> {
  const { asked } = standing
  recordFailure({ reason: error.code }, standing, deps)
  if (error.code === 'access_denied' && standing.errand !== null) return goBack('denied', standing, deps)
  const developer = {
    fix: fixFor(error, asked.redirectUri),
    code: error.code,
    explainedIn: `docs/reference/client.md#${error.code}`,
    words: error.detail,
  }
  const words = wordsFor(error, asked.provider.name)
  return failurePage({ words, developer, status: error.explained.status }, standing, deps)
}

/** Answers somebody who proved to the provider who they are and is not let in, and puts it on record. */
export function upstreamRefusal(
  cause: AdmissionRefusal,
  userId: string | null,
  standing: Standing,
  deps: UpstreamDeps,
): Promise<Reply> {
  recordFailure({ reason: cause, userId }, standing, deps)
  return refusalPage(cause, standing, deps)
}

/** The page of a refusal that is on record already. */
export function refusalPage(cause: AccountRefusal, standing: Standing, deps: UpstreamDeps): Promise<Reply> {
  const words = refusalWords(cause, standing.asked.provider.name)
  const developer = {
    fix: REASONS[cause],
    code: cause,
    explainedIn: `docs/reference/errors.md#${cause}`,
    words: null,
  }
  return failurePage({ words, developer, status: 403 }, standing, deps)
}

/** Leads back to where another way can be chosen, with a word about this one. */
export function goBack(
  kind: SignInNotice['kind'],
  { asked, purpose, errand }: Standing,
  { browser }: UpstreamDeps,
): Reply {
  const notice = { kind, provider: asked.provider.id }
  if (purpose?.kind === 'link' || errand === null) return seeOther(connectionsHref(notice, browser))
  return seeOther(signInHref(errand, browser, notice))
}

/** Puts a sign-in with a provider that failed on record. */
export function recordFailure(
  what: Pick<AuditEvent, 'reason' | 'userId'>,
  { asked, inbound, errand }: Standing,
  { audit }: UpstreamDeps,
): void {
  const { ip, reference } = inbound
  const clientId = errand?.proven?.client.id ?? null
  audit.record({ event: 'sign_in.failed', ...what, provider: asked.provider.id, clientId, ip, reference })
}

type Failure = {
  readonly words: Words
  readonly developer: Omit<UpstreamErrorView['developer'], 'provider'>
  readonly status: number
}

function failurePage(
  { words, developer, status }: Failure,
  { asked, inbound, purpose, errand }: Standing,
  { browser }: UpstreamDeps,
): Promise<Reply> {
  const { id } = asked.provider
  const linking = purpose?.kind === 'link'
  const way = errand ?? { proven: null, destination: 'account' as const }
  const view = {
    title: words.title,
    text: words.text,
    next: words.next,
    retryHref: linking || !words.again ? null : errandHref(`/login/${id}`, way, browser),
    back: linking
      ? { text: 'Back to your account', href: browser.href(destinationPath('connections')) }
      : { text: 'Sign in another way', href: signInHref(way, browser) },
    reference: inbound.reference,
    developer: { ...developer, provider: id },
  }
  return page(upstreamErrorPage(browser.frame, view), { status })
}
