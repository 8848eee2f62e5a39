import { issuerPath } from '../config/issuer.ts'
import type { Deps } from '../deps.ts'
import { type CookieJar, cookieJar } from '../http/cookies.ts'
import { type CsrfToken, csrfToken } from '../http/csrf.ts'
import type { Inbound } from '../http/inbound.ts'
import type { BrowserSession } from '../identity/sessions.ts'
import type { AccountItem, AppView, FormView, PageFrame } from '../pages/views.ts'
import type { Client } from '../storage/records.ts'

/** What every endpoint that talks to a browser has at hand, made once from settings and secrets. */
export type Browser = {
  readonly jar: CookieJar
  /** The issuer's origin, which our own forms come from. */
  readonly origin: string
  readonly csrfKey: Uint8Array
  readonly stepKey: Uint8Array
  readonly frame: PageFrame
  /** The address of a page of ours, as a path. */
  href(path: string, query?: URLSearchParams): string
}

/** Makes it; the pages speak English, so that is their locale. */
export function createBrowser({ config, secrets }: Pick<Deps, 'config' | 'secrets'>): Browser {
  const basePath = issuerPath(config.issuer)
  return {
    jar: cookieJar(config.issuer),
    origin: new URL(config.issuer).origin,
    csrfKey: secrets.derive('csrf'),
    stepKey: secrets.derive('step'),
    frame: { basePath, branding: config.branding, locale: 'en' },
    href: (path, query) => `${basePath}${path}${query === undefined || query.size === 0 ? '' : `?${query}`}`,
  }
}

/** A form that posts to `action`, and the cookie that goes with its token where the browser has none. */
export function formFor(
  inbound: Inbound,
  action: string,
  browser: Browser,
): { readonly form: FormView; readonly cookies: readonly string[] } {
  const token: CsrfToken = csrfToken(inbound, browser)
  return { form: { action, csrf: token.field }, cookies: token.setCookie === null ? [] : [token.setCookie] }
}

/** The app as pages name it. `uri` is where it will be gone back to, if anywhere. */
export function appView(client: Client, uri: string | null): AppView {
  const { metadata } = client
  return {
    name: metadata.clientName ?? client.id,
    host: uri === null ? null : hostOf(uri),
    verified: metadata.trusted || metadata.firstParty,
    homeUrl: metadata.clientUri,
    policyUrl: metadata.policyUri,
    termsUrl: metadata.tosUri,
  }
}

/** The accounts of this browser as pages list them, the active one first. */
export function accountItems(sessions: readonly BrowserSession[]): readonly AccountItem[] {
  return sessions.map((each, index) => accountItem(each, index === 0))
}

/** One account as pages show it. */
export function accountItem({ session, user }: BrowserSession, active: boolean): AccountItem {
  const { name } = user.claims
  return {
    sid: session.sid,
    email: user.email,
    name: typeof name === 'string' ? name : null,
    signedInAt: session.authTime,
    active,
  }
}

function hostOf(uri: string): string {
  const { host, protocol } = new URL(uri)
  return protocol === 'http:' || protocol === 'https:' ? host : protocol.slice(0, -1)
}
