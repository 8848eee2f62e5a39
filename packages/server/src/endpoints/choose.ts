import {
  carriesAuthorization,
  continueAt,
  formTargets,
  type ProvenAuthorization,
  proveAuthorization,
  stayAt,
} from '../authorization/load.ts'
import type { Deps } from '../deps.ts'
import { type Browser, createBrowser, formFor } from '../http/browser.ts'
import { csrfHolds } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import {
  activateSession,
  type BrowserSession,
  browserSessions,
  type SessionDeps,
} from '../identity/sessions.ts'
import { choosePage } from '../pages/choose.ts'
import { accountItems, appView } from '../pages/from-records.ts'
import type { FormProblem } from '../pages/views.ts'

type ChooseDeps = Pick<Deps, 'config' | 'storage' | 'secrets' | 'audit' | 'clock'>

type All = ChooseDeps & SessionDeps & { readonly browser: Browser }

type Choosing = {
  readonly proven: ProvenAuthorization | null
  readonly sessions: readonly BrowserSession[]
}

/** `/login/choose`: which of the accounts signed in here is meant, or another (OpenID Connect Core §3.1.2.1). */
export function createChooseEndpoint(deps: ChooseDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const { query } = inbound
    const proven = carriesAuthorization(query) ? await proveAuthorization(query, all, browser) : null
    const choosing = { proven, sessions: await browserSessions(inbound, all) }
    // Nobody is signed in any more: there is nothing to choose from.
    if (choosing.sessions.length === 0) return seeOther(loginHref(choosing, all))
    return inbound.method === 'POST' ? choose(inbound, choosing, all) : show(inbound, choosing, null, all)
  }
}

async function choose(inbound: Inbound, choosing: Choosing, deps: All): Promise<Reply> {
  const form = await inbound.form()
  if (!csrfHolds(inbound, form, deps.browser)) return show(inbound, choosing, { kind: 'stale' }, deps)
  const account = form.get('account') ?? ''
  if (account === '') return show(inbound, choosing, { kind: 'missing', fields: ['account'] }, deps)
  if (account === 'other') return seeOther(loginHref(choosing, deps))
  const { proven, sessions } = choosing
  // Signed out since the page was shown, or never theirs.
  if (!sessions.some(({ session }) => session.sid === account))
    return show(inbound, choosing, { kind: 'stale' }, deps)
  const cookies = [activateSession(account, sessions, deps.jar)]
  if (proven === null) return seeOther(deps.browser.href('/account'), cookies)
  return seeOther(continueAt('/oauth/authorize', proven, { done: ['select'], sid: account }, deps), cookies)
}

function loginHref({ proven }: Choosing, deps: All): string {
  if (proven === null) return deps.browser.href('/login')
  return continueAt('/login', proven, { done: ['select'], sid: null }, deps)
}

function show(inbound: Inbound, choosing: Choosing, problem: FormProblem | null, deps: All): Promise<Reply> {
  const { browser } = deps
  const { proven, sessions } = choosing
  const path = '/login/choose'
  const action = proven === null ? browser.href(path) : stayAt(path, proven, browser)
  const { form, cookies } = formFor(inbound, action, browser)
  const app = proven === null ? null : appView(proven.client, proven.redirectUri)
  return page(choosePage(browser.frame, { form, app, accounts: accountItems(sessions), problem }), {
    status: problem === null ? 200 : 400,
    formTargets: proven === null ? [] : formTargets(proven, browser),
    cookies,
  })
}
