import { ClientError } from '../errors.ts'
import { depart } from '../exchange/departure.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import type { Circumstances } from '../exchange/state.ts'
import type { CookieTerms } from '../exchange/transaction.ts'
import { isAppPath, type Settings } from '../options.ts'
import type { ClientDeps } from './deps.ts'
import { type Incoming, queryOf, type Reply, redirect } from './incoming.ts'

/** The query parameter that says where to go after the sign-in. */
export const RETURN_TO = 'return_to'
/** It travels in a cookie, of which there are several. */
const MAX_RETURN_TO = 512

/** Begins a sign-in: a cookie for this tab, and the way to the provider. Throws ClientError. */
export async function login(request: Incoming, asked: ProviderDeps, deps: ClientDeps): Promise<Reply> {
  if (request.method !== 'GET' && request.method !== 'POST') throw new ClientError('method_not_allowed')
  // An image or a script of another page would fill the browser with cookies of sign-ins that nobody began.
  const [site, mode] = [request.header('sec-fetch-site'), request.header('sec-fetch-mode')]
  if (site === 'cross-site' && mode !== 'navigate') throw new ClientError('cross_site_request')
  const { provider } = asked
  const { settings } = deps
  if (provider.quirks?.formPost === true && !settings.baseUrl.startsWith('https:')) {
    throw new ClientError('https_required', { provider: provider.id })
  }
  const leaving = {
    ...cookieTerms(asked),
    returnTo: returnTo(request, settings),
    circumstances: circumstancesOf(request, settings),
    cookieHeader: request.header('cookie'),
  }
  const { url, cookies } = await depart(leaving, asked, deps)
  return redirect(url.href, cookies)
}

/** A form of another site brings SameSite=None cookies alone. */
export function cookieTerms({ provider }: ProviderDeps): CookieTerms {
  return { sameSite: provider.quirks?.formPost === true ? 'None' : 'Lax' }
}

/** Only a path of the app: an address elsewhere would make the sign-in an open redirector (RFC 9700 §4.11). */
function returnTo({ target }: Incoming, { afterSignIn }: Settings): string {
  const wanted = queryOf(target).get(RETURN_TO) ?? ''
  return wanted.length <= MAX_RETURN_TO && isAppPath(wanted) ? wanted : afterSignIn
}

/** What will explain a lost cookie: it is kept for the host, and with https the scheme, that the browser sees now. */
function circumstancesOf(request: Incoming, { baseUrl }: Settings): Circumstances {
  const base = new URL(baseUrl)
  const first = (name: string): string | null => request.header(name)?.split(',', 1)[0]?.trim() ?? null
  const host = first('x-forwarded-host') ?? first('host') ?? base.host
  if (host.replace(/:\d*$/, '').toLowerCase() !== base.hostname) return 'other_host'
  if (base.protocol !== 'https:') return 'fine'
  const scheme = first('x-forwarded-proto')
  if (scheme !== null) return scheme === 'http' ? 'plain_http' : 'fine'
  // Behind a proxy that says nothing of the scheme, the socket is the proxy's.
  const proxied = ['x-forwarded-for', 'forwarded', 'via'].some((name) => request.header(name) !== null)
  return request.encrypted === false && !proxied ? 'plain_http' : 'fine'
}
