import type { Deps } from '../deps.ts'
import { type Browser, createBrowser, formFor } from '../http/browser.ts'
import { csrfHolds } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import {
  type BrowserSession,
  browserSessions,
  endSession,
  type SessionDeps,
  touchSession,
} from '../identity/sessions.ts'
import { waysInto } from '../identity/ways-in.ts'
import { accountPage } from '../pages/account.ts'
import { accountItems, wayNames } from '../pages/from-records.ts'
import type { AccountView, FormProblem } from '../pages/views.ts'

type AccountDeps = Pick<Deps, 'config' | 'storage' | 'secrets' | 'audit' | 'clock'>

type All = AccountDeps & SessionDeps & { readonly browser: Browser }

/** `/account`: who is signed in in this browser, and signing out. */
export function createAccountEndpoint(deps: AccountDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const sessions = await browserSessions(inbound, all)
    const [active] = sessions
    if (active === undefined) return seeOther(browser.href('/login'))
    if (inbound.method === 'POST') return signOut(inbound, sessions, all)
    await touchSession(active.session, all)
    return show(inbound, sessions, null, all)
  }
}

async function signOut(inbound: Inbound, sessions: readonly BrowserSession[], deps: All): Promise<Reply> {
  const form = await inbound.form()
  if (!csrfHolds(inbound, form, deps.browser)) return show(inbound, sessions, { kind: 'stale' }, deps)
  const sid = form.get('sign_out') ?? ''
  if (sid === '') return show(inbound, sessions, { kind: 'missing', fields: ['account'] }, deps)
  const ended = sessions.find(({ session }) => session.sid === sid)
  // Sent twice, or ended elsewhere: what was asked for is so.
  const cookies = ended === undefined ? [] : [await endSession(inbound, ended, sessions, deps)]
  return seeOther(deps.browser.href('/account'), cookies)
}

async function show(
  inbound: Inbound,
  sessions: readonly BrowserSession[],
  problem: FormProblem | null,
  deps: All,
): Promise<Reply> {
  const { browser } = deps
  const { form, cookies } = formFor(inbound, browser.href('/account'), browser)
  const view = {
    form,
    accounts: accountItems(sessions),
    signInHref: browser.href('/login'),
    ways: await waysOf(sessions, deps),
    problem,
  }
  return page(accountPage(browser.frame, view), { status: problem === null ? 200 : 400, cookies })
}

/** Of the account in use; null where there are no providers to tell of. */
async function waysOf([active]: readonly BrowserSession[], deps: All): Promise<AccountView['ways']> {
  if (active === undefined) return null
  const ways = await waysInto(active.user, deps)
  if (ways.linked.length === 0 && ways.free.length === 0) return null
  return { names: wayNames(ways), href: deps.browser.href('/account/connections') }
}
