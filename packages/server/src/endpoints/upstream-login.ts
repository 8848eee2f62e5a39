import { readDestination } from '../authorization/destination.ts'
import { carriesAuthorization, proveAuthorization } from '../authorization/load.ts'
import { signInHref } from '../authorization/sign-in-page.ts'
import { createBrowser } from '../http/browser.ts'
import { isCrossSite } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import { seeOther } from '../http/respond.ts'
import type { UpstreamDeps } from '../upstream/deps.ts'
import { providerAt } from '../upstream/providers.ts'
import { startUpstream } from '../upstream/start.ts'

type UpstreamLoginDeps = Omit<UpstreamDeps, 'browser' | 'jar'>

/**
 * `/login/:provider`: the way to a provider. A link, and GET: what it does is done in this browser alone. Where another
 * site leads here, or the browser only looks ahead, it shows the sign-in page instead, so that nobody is signed in who
 * has not clicked (login CSRF, RFC 9700 §4.7).
 */
export function createUpstreamLoginEndpoint(deps: UpstreamLoginDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const { query, path } = inbound
    const asked = providerAt(path, deps.upstreams)
    const proven = carriesAuthorization(query) ? await proveAuthorization(query, all, browser) : null
    const errand = { proven, destination: readDestination(query) }
    if (isCrossSite(inbound, browser.origin) || looksAhead(inbound)) {
      return seeOther(signInHref(errand, browser))
    }
    return startUpstream({ ...errand, asked, purpose: { kind: 'sign-in' } }, inbound, all)
  }
}

/** @see https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header */
function looksAhead({ request }: Inbound): boolean {
  const purpose = request.header('sec-purpose') ?? request.header('purpose') ?? ''
  return /\bprefetch\b/.test(purpose)
}
