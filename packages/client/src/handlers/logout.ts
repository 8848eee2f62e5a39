import { parseCookies } from '@doorward/core'
import { ClientError } from '../errors.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import { revokeTokens } from '../exchange/revoke.ts'
import { type EndedSession, SESSION_COOKIE } from '../session/session.ts'
import type { ClientDeps } from './deps.ts'
import { type Incoming, type Reply, redirect } from './incoming.ts'
import { signOutPage } from './sign-out-page.ts'

/**
 * Ends the session here for a form or a link of the app, and asks first for any other link. Revokes its tokens at the provider, and goes on to the provider's own sign-out where it has
 * one (OpenID Connect RP-Initiated Logout 1.0). Throws cross_site_request, method_not_allowed.
 */
export async function logout(request: Incoming, deps: ClientDeps): Promise<Reply> {
  const { settings, keeper, providers } = deps
  if (request.method === 'POST') checkSameSite(request, settings.baseUrl)
  else if (request.method !== 'GET') throw new ClientError('method_not_allowed')
  else if (!isOwnLink(request, settings.baseUrl)) return ask(request, deps)
  const ended = await keeper.end(request.header('cookie'), settings.clock())
  const asked = providers.get(ended.session?.user.provider ?? lastProvider(request, deps))
  if (asked === undefined) return redirect(settings.afterSignOut, ended.cookies)
  if (ended.tokens !== null && settings.revokeAtSignOut) await revokeTokens(ended.tokens, asked)
  const elsewhere = settings.signOutAtProvider ? await endSessionUrl(ended, asked, settings) : null
  return redirect(elsewhere?.href ?? settings.afterSignOut, ended.cookies)
}

/**
 * Where a double click comes second, its session is gone. The browser follows this answer and not the first, so it goes to the
 * provider's sign-out all the same, if there is no doubt which.
 */
function lastProvider(request: Incoming, { providers, jar }: ClientDeps): string {
  const [only = '', ...others] = providers.keys()
  const presented = parseCookies(request.header('cookie')).has(jar.name(SESSION_COOKIE))
  return presented && others.length === 0 ? only : ''
}

/** A link from elsewhere, as in a mail: only the person can know whether it is meant. */
async function ask(request: Incoming, deps: ClientDeps): Promise<Reply> {
  const { keeper, settings } = deps
  const session = await keeper.find(request.header('cookie'), settings.clock())
  return session === null ? redirect(settings.afterSignOut, []) : signOutPage(request, session, deps)
}

/**
 * A link on a page of the app that a person followed, or its own script. Neither is what a browser fetches ahead, nor a
 * picture that somebody put on a page. Browsers from before 2023 and programs do not say where a request comes from:
 * there the referrer must not be another site's; pictures of other sites bring no SameSite=Lax cookie.
 */
function isOwnLink(request: Incoming, baseUrl: string): boolean {
  const purpose = request.header('sec-purpose') ?? request.header('purpose')
  if (purpose?.includes('prefetch') === true) return false
  const site = request.header('sec-fetch-site')
  if (site !== null) return site === 'same-origin' && request.header('sec-fetch-mode') !== 'no-cors'
  const referrer = request.header('referer')
  if (referrer === null) return true
  return URL.canParse(referrer) && new URL(referrer).origin === new URL(baseUrl).origin
}

/**
 * Another site's form must not sign people out. Where the browser says what kind of site asks, that counts: under
 * `Referrer-Policy: no-referrer` the app's own forms have the origin `null`.
 */
function checkSameSite(request: Incoming, baseUrl: string): void {
  const [origin, site] = [request.header('origin'), request.header('sec-fetch-site')]
  const own = site === null ? origin === null || origin === new URL(baseUrl).origin : OWN_SITES.has(site)
  if (!own) throw new ClientError('cross_site_request')
}

/** `none`: the person has the browser send a form again. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none'])

async function endSessionUrl(
  { tokens }: EndedSession,
  { provider, metadata }: ProviderDeps,
  { baseUrl, afterSignOut }: ClientDeps['settings'],
): Promise<URL | null> {
  const known = await metadata().catch(() => null)
  if (known === null || known.endSession === null) return null
  const url = new URL(known.endSession)
  url.searchParams.set('client_id', provider.clientId)
  url.searchParams.set('post_logout_redirect_uri', new URL(afterSignOut, baseUrl).href)
  if (tokens?.idToken !== undefined && tokens.idToken !== null)
    url.searchParams.set('id_token_hint', tokens.idToken)
  return url
}
