import type { Deps } from '../deps.ts'
import { type Browser, formFor } from '../http/browser.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page } from '../http/respond.ts'
import { type BrowserSession, browserSessions, type SessionDeps } from '../identity/sessions.ts'
import { providerItem } from '../pages/from-provider.ts'
import { appView } from '../pages/from-records.ts'
import { signInPage } from '../pages/sign-in.ts'
import type { FormProblem, ProviderLink, SignInNotice } from '../pages/views.ts'
import { canAskAgain, demandOf } from '../policy/upstream-sign-in.ts'
import { asksAgain, destinationQuery, type Errand } from './destination.ts'
import { formTargets, type ProvenAuthorization, readRequest, stayAt } from './load.ts'
import { type Notice, noticeQuery, readNotice } from './notice.ts'

const NOTICES = ['denied', 'not_again'] as const

/** Why the form is shown again, and what had been typed. */
export type Again = {
  readonly problem: FormProblem
  readonly status: 400 | 401 | 429 | 503
  readonly email: string
}

type PageDeps = Pick<Deps, 'config'> & SessionDeps & { readonly browser: Browser }

/** The sign-in page: providers, e-mail and password, on the way of an authorization or on its own. */
export async function showSignIn(
  inbound: Inbound,
  errand: Errand,
  again: Again | null,
  deps: PageDeps,
): Promise<Reply> {
  const { browser } = deps
  const { proven } = errand
  const sessions =
    proven === null && !asksAgain(errand.destination) ? [] : await browserSessions(inbound, deps)
  const asked = askedAgain(errand, sessions)
  const { form, cookies } = formFor(inbound, signInHref(errand, browser), browser)
  // Never the address behind an id_token_hint: a client without the email scope could read it off this page.
  const prefill = asked?.user.email ?? (proven === null ? null : readRequest(proven).loginHint) ?? ''
  const view = {
    form,
    app: proven === null ? null : appView(proven.client, proven.redirectUri),
    email: again?.email ?? prefill,
    problem: again?.problem ?? null,
    chooseHref: proven === null || sessions.length === 0 ? null : stayAt('/login/choose', proven, browser),
    again: asked !== null,
    ...waysIn(errand, deps),
    notice: noticeOf(inbound, deps),
  }
  return page(signInPage(browser.frame, view), {
    status: again?.status ?? 200,
    formTargets: proven === null ? [] : formTargets(proven, browser),
    cookies,
    retryAfter: again === null ? null : waitOf(again.problem),
  })
}

/** The address of the sign-in page for this errand, by which its form is sent too. */
export function signInHref(errand: Errand, browser: Browser, notice?: Notice<SignInNotice['kind']>): string {
  const href = errandHref('/login', errand, browser)
  if (notice === undefined) return href
  return `${href}${href.includes('?') ? '&' : '?'}${noticeQuery(notice)}`
}

/** The address of a page on the way of this errand. */
export function errandHref(path: string, { proven, destination }: Errand, browser: Browser): string {
  return proven === null ? browser.href(path, destinationQuery(destination)) : stayAt(path, proven, browser)
}

/** Whose proof is asked for once more: an app's request names them, and a page of ours means who is signed in. */
function askedAgain(
  { proven, destination }: Errand,
  sessions: readonly BrowserSession[],
): BrowserSession | null {
  if (proven === null) return asksAgain(destination) ? (sessions[0] ?? null) : null
  return sessions.find(({ session }) => session.sid === proven.step?.sid) ?? null
}

/** The providers as buttons, without those that cannot do what is asked for. */
function waysIn(
  errand: Errand,
  { config, browser }: PageDeps,
): { readonly providers: readonly ProviderLink[]; readonly unable: readonly string[] } {
  const again = errand.proven !== null && mustProveAgain(errand.proven)
  const able = config.providers.filter((provider) => !again || canAskAgain(provider))
  return {
    providers: able.map((provider) => ({
      ...providerItem(provider),
      href: errandHref(`/login/${provider.id}`, errand, browser),
    })),
    unable: config.providers.filter((provider) => !able.includes(provider)).map(({ name }) => name),
  }
}

function mustProveAgain(proven: ProvenAuthorization): boolean {
  return demandOf(readRequest(proven)).again === 'proven'
}

function noticeOf({ query }: Inbound, { config }: PageDeps): SignInNotice | null {
  const { kind, provider } = readNotice(query, NOTICES, config.providers) ?? {}
  return kind === undefined || typeof provider !== 'string' ? null : { kind, provider }
}

function waitOf(problem: FormProblem): number | null {
  return problem.kind === 'refused' || problem.kind === 'busy' ? problem.waitSeconds : null
}
