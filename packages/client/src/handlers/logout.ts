import { parseCookies } from '@doorward/core'
import { ClientError } from '../errors.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import { revokeTokens } from '../exchange/revoke.ts'
import { type EndedSession, SESSION_COOKIE } from '../session/session.ts'
import type { ClientDeps } from './deps.ts'
import { type Incoming, type Reply, redirect } from './incoming.ts'

/**
 * Ends the session here, revokes its tokens at the provider, and goes on to the provider's own sign-out where it has
 * one (OpenID Connect RP-Initiated Logout 1.0). Throws cross_site_request, method_not_allowed.
 */
export async function logout(request: Incoming, deps: ClientDeps): Promise<Reply> {
  const { settings, keeper, providers } = deps
  if (request.method !== 'GET' && request.method !== 'POST') throw new ClientError('method_not_allowed')
  checkSameSite(request, settings.baseUrl)
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

/**
 * Another site must not sign people out, be it by a form, an image or a link. Where the browser says what kind of site
 * asks, that counts: under `Referrer-Policy: no-referrer` the app's own forms have the origin `null`.
 */
function checkSameSite(request: Incoming, baseUrl: string): void {
  const [origin, site] = [request.header('origin'), request.header('sec-fetch-site')]
  const own = site === null ? origin === null || origin === new URL(baseUrl).origin : OWN_SITES.has(site)
  if (!own) throw new ClientError('cross_site_request')
}

/** `none`: an address that was typed in, or a bookmark. */
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
