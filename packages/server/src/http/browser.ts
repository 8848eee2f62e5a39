import { type CookieJar, cookieJar } from '@doorward/core'
import { issuerPath } from '../config/issuer.ts'
import type { Config, Deps } from '../deps.ts'
import type { FormView, PageFrame } from '../pages/views.ts'
import { type CsrfToken, csrfToken } from './csrf.ts'
import type { Inbound } from './inbound.ts'

/** What every endpoint that talks to a browser has at hand, made once from settings and secrets. */
export type Browser = {
  readonly jar: CookieJar
  /** The issuer's origin, which our own forms come from. */
  readonly origin: string
  readonly csrfKey: Uint8Array
  readonly stepKey: Uint8Array
  readonly frame: PageFrame
  /** Where the providers are that people can sign in with. */
  readonly upstreamOrigins: readonly string[]
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
    upstreamOrigins: config.providers.map(originOf),
    frame: { basePath, branding: config.branding, locale: 'en' },
    href: (path, query) => `${basePath}${path}${query === undefined || query.size === 0 ? '' : `?${query}`}`,
  }
}

function originOf({ endpoints, issuer = '' }: Config['providers'][number]): string {
  return new URL(endpoints?.authorization ?? issuer).origin
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
