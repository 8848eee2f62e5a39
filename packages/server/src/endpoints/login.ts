import { OAuthError } from '@doorward/core'
import { type Errand, readDestination } from '../authorization/destination.ts'
import { enter } from '../authorization/enter.ts'
import { carriesAuthorization, proveAuthorization } from '../authorization/load.ts'
import { type Again, showSignIn } from '../authorization/sign-in-page.ts'
import type { Deps } from '../deps.ts'
import { type Browser, createBrowser } from '../http/browser.ts'
import { csrfHolds } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { type AttemptOutcome, attemptPassword } from '../identity/password-attempt.ts'
import { passwordAuthentication, type SessionDeps } from '../identity/sessions.ts'
import type { FormProblem } from '../pages/views.ts'

type LoginDeps = Pick<Deps, 'config' | 'storage' | 'secrets' | 'passwords' | 'audit' | 'clock'>

type All = LoginDeps & SessionDeps & { readonly browser: Browser }

/** `/login`: providers, e-mail and password, on the way of an authorization or on its own. */
export function createLoginEndpoint(deps: LoginDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const { query } = inbound
    const proven = carriesAuthorization(query) ? await proveAuthorization(query, all, browser) : null
    const errand = { proven, destination: readDestination(query) }
    return inbound.method === 'POST' ? signIn(inbound, errand, all) : showSignIn(inbound, errand, null, all)
  }
}

async function signIn(inbound: Inbound, errand: Errand, deps: All): Promise<Reply> {
  const form = await inbound.form()
  const email = form.get('email')?.trim() ?? ''
  const password = form.get('password') ?? ''
  const again = (status: Again['status'], problem: FormProblem) =>
    showSignIn(inbound, errand, { status, problem, email }, deps)
  if (!csrfHolds(inbound, form, deps.browser)) return again(400, { kind: 'stale' })
  const missing = (['email', 'password'] as const).filter(
    (name) => (name === 'email' ? email : password) === '',
  )
  if (missing.length > 0) return again(400, { kind: 'missing', fields: missing })
  const clientId = errand.proven?.client.id ?? null
  const outcome = await attempt(inbound, { email, password, clientId }, errand, deps)
  switch (outcome.kind) {
    case 'match':
      return outcome.entered
    case 'busy':
      return again(503, outcome)
    case 'refused':
      return again(outcome.waitSeconds === null ? 401 : 429, outcome)
  }
}

type Busy = { readonly kind: 'busy'; readonly waitSeconds: number }

async function attempt(
  inbound: Inbound,
  typed: { readonly email: string; readonly password: string; readonly clientId: string | null },
  errand: Errand,
  deps: All,
): Promise<AttemptOutcome<Reply> | Busy> {
  const { ip, reference } = inbound
  try {
    return await attemptPassword({ ...typed, ip, reference }, deps, (person) =>
      enter(inbound, { person, authentication: passwordAuthentication(deps.clock()) }, errand, deps),
    )
  } catch (error) {
    if (!(error instanceof OAuthError) || error.reason !== 'passwords_busy') throw error
    return { kind: 'busy', waitSeconds: error.retryAfter ?? 1 }
  }
}
