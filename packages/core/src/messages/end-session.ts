import { withQuery } from './authorization-response.ts'
import { boundedText, type Params, parseWordList } from './params.ts'

/** A client asks for the person to be signed out (OpenID Connect RP-Initiated Logout §2). */
export type EndSessionRequest = {
  readonly idTokenHint: string | null
  readonly clientId: string | null
  /** Not proven yet. */
  readonly postLogoutRedirectUri: string | null
  readonly state: string | null
  readonly logoutHint: string | null
  readonly uiLocales: readonly string[]
}

/** Reads a logout request (RP-Initiated Logout §2). Throws invalid_request, for a page: nothing is proven here. */
export function parseEndSession(params: Params): EndSessionRequest {
  return {
    idTokenHint: params.get('id_token_hint'),
    clientId: boundedText(params, 'client_id', 256),
    postLogoutRedirectUri: boundedText(params, 'post_logout_redirect_uri', 2048),
    state: boundedText(params, 'state', 8192),
    logoutHint: boundedText(params, 'logout_hint', 512),
    uiLocales: parseWordList(params, 'ui_locales'),
  }
}

/** Where the browser goes once signed out: a registered URI, with `state` as it came (RP-Initiated Logout §3). */
export function respondEndSession(postLogoutRedirectUri: string, state: string | null): string {
  return state === null ? postLogoutRedirectUri : withQuery(postLogoutRedirectUri, { state })
}
