import { OAuthError } from '@doorward/core'
import {
  carriesAuthorization,
  continueAt,
  type ProvenAuthorization,
  proveAuthorization,
  readRequest,
  stayAt,
} from '../authorization/load.ts'
import type { Deps } from '../deps.ts'
import { type Browser, createBrowser, formFor } from '../http/browser.ts'
import { csrfHolds } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import { type AttemptOutcome, attemptPassword } from '../identity/password-attempt.ts'
import {
  browserSessions,
  openSession,
  passwordAuthentication,
  type SessionDeps,
} from '../identity/sessions.ts'
import { appView } from '../pages/from-records.ts'
import { signInPage } from '../pages/sign-in.ts'
import type { FormProblem } from '../pages/views.ts'
import type { ProvenUser } from '../storage/ports.ts'

type LoginDeps = Pick<Deps, 'config' | 'storage' | 'secrets' | 'passwords' | 'audit' | 'clock'>

type All = LoginDeps & SessionDeps & { readonly browser: Browser }

/** Why the form is shown again, and what had been typed. */
type Again = { readonly problem: FormProblem; readonly status: 400 | 401 | 429 | 503; readonly email: string }

/** `/login`: e-mail and password, on the way of an authorization or on its own. */
export function createLoginEndpoint(deps: LoginDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const { query } = inbound
    const proven = carriesAuthorization(query) ? await proveAuthorization(query, all, browser) : null
    return inbound.method === 'POST' ? signIn(inbound, proven, all) : show(inbound, proven, null, all)
  }
}

async function signIn(inbound: Inbound, proven: ProvenAuthorization | null, deps: All): Promise<Reply> {
  const form = await inbound.form()
  const email = form.get('email')?.trim() ?? ''
  const password = form.get('password') ?? ''
  const again = (status: Again['status'], problem: FormProblem) =>
    show(inbound, proven, { status, problem, email }, deps)
  if (!csrfHolds(inbound, form, deps.browser)) return again(400, { kind: 'stale' })
  const missing = (['email', 'password'] as const).filter(
    (name) => (name === 'email' ? email : password) === '',
  )
  if (missing.length > 0) return again(400, { kind: 'missing', fields: missing })
  const outcome = await attempt(inbound, { email, password, clientId: proven?.client.id ?? null }, deps)
  switch (outcome.kind) {
    case 'match':
      return enter(inbound, outcome.proven, proven, deps)
    case 'busy':
      return again(503, outcome)
    case 'refused':
      return again(outcome.waitSeconds === null ? 401 : 429, outcome)
  }
}

type Busy = { readonly kind: 'busy'; readonly waitSeconds: number }

async function attempt(
  { ip, reference }: Inbound,
  typed: { readonly email: string; readonly password: string; readonly clientId: string | null },
  deps: All,
): Promise<AttemptOutcome | Busy> {
  try {
    return await attemptPassword({ ...typed, ip, reference }, deps)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'temporarily_unavailable') throw error
    return { kind: 'busy', waitSeconds: error.retryAfter ?? 1 }
  }
}

async function enter(
  inbound: Inbound,
  person: ProvenUser,
  proven: ProvenAuthorization | null,
  deps: All,
): Promise<Reply> {
  const authentication = passwordAuthentication(deps.clock())
  const { session, setCookie } = await openSession(inbound, person, authentication, deps)
  if (proven === null) return seeOther(deps.browser.href('/account'), [setCookie])
  // Whoever types their own e-mail and password has chosen an account, too.
  const step = { done: ['login', 'select'], sid: session.sid } as const
  return seeOther(continueAt('/oauth/authorize', proven, step, deps), [setCookie])
}

async function show(
  inbound: Inbound,
  proven: ProvenAuthorization | null,
  again: Again | null,
  deps: All,
): Promise<Reply> {
  const { browser } = deps
  const sessions = proven === null ? [] : await browserSessions(inbound, deps)
  const asked = sessions.find(({ session }) => session.sid === proven?.step?.sid) ?? null
  const action = proven === null ? browser.href('/login') : stayAt('/login', proven, browser)
  const { form, cookies } = formFor(inbound, action, browser)
  // Never the address behind an id_token_hint: a client without the email scope could read it off this page.
  const prefill = asked?.user.email ?? (proven === null ? null : readRequest(proven).loginHint) ?? ''
  const view = {
    form,
    app: proven === null ? null : appView(proven.client, proven.redirectUri),
    email: again?.email ?? prefill,
    problem: again?.problem ?? null,
    chooseHref: proven === null || sessions.length === 0 ? null : stayAt('/login/choose', proven, browser),
    again: asked !== null,
  }
  return page(signInPage(browser.frame, view), {
    status: again?.status ?? 200,
    formTargets: proven === null ? [] : [proven.redirectUri],
    cookies,
    retryAfter: again === null ? null : waitOf(again.problem),
  })
}

function waitOf(problem: FormProblem): number | null {
  return problem.kind === 'refused' || problem.kind === 'busy' ? problem.waitSeconds : null
}
