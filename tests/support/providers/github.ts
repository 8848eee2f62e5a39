import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { bearerOf, bodyOf, listen, redirect, sendJson } from './http.ts'
import type { Seen } from './state.ts'

/** One address, as `/user/emails` lists it. */
export type GithubEmail = {
  readonly email: string
  readonly primary: boolean
  readonly verified: boolean
  readonly visibility: 'public' | 'private' | null
}

export type GithubAccount = {
  readonly id: number
  readonly login: string
  readonly name: string | null
  /** What the profile shows: null for a private address. */
  readonly email: string | null
  readonly avatar_url: string
  readonly emails: readonly GithubEmail[]
}

export type GithubOptions = {
  readonly account?: Partial<GithubAccount>
  /** A GitHub App's tokens expire and come with a refresh token; an OAuth app's do neither. */
  readonly app?: 'oauth' | 'github'
  /** `form`: answers the token request so, whatever it is asked for. */
  readonly answers?: 'asked' | 'form'
  /** The one callback URL that is registered; others below it are taken too. Anything by default. */
  readonly callback?: string
}

export type GithubStandIn = {
  readonly origin: string
  readonly clientId: string
  readonly clientSecret: string
  readonly endpoints: { readonly authorization: string; readonly token: string; readonly userinfo: string }
  readonly extra: { readonly url: string }
  readonly issued: ReadonlySet<string>
  readonly seen: readonly (Seen & { readonly accept: string })[]
  /** From now on the person says no, or yes again. */
  deny(denied: boolean): void
  /** Takes back every token, as the person can in their settings. */
  takeBack(): void
  stop(): Promise<void>
}

type Code = { readonly redirectUri: string | null; readonly challenge: string | null; readonly scope: string }
type State = {
  readonly account: GithubAccount
  readonly app: 'oauth' | 'github'
  readonly answers: 'asked' | 'form'
  readonly callback: string | null
  readonly clientId: string
  readonly clientSecret: string
  readonly codes: Map<string, Code>
  readonly accessTokens: Map<string, string>
  readonly refreshTokens: Set<string>
  readonly issued: Set<string>
  readonly seen: (Seen & { readonly accept: string })[]
  denied: boolean
}

const octocat: GithubAccount = {
  id: 583231,
  login: 'octocat',
  name: 'The Octocat',
  email: null,
  avatar_url: 'https://github.com/images/error/octocat_happy.gif',
  emails: [
    { email: 'unproven@example.com', primary: false, verified: false, visibility: null },
    { email: 'octocat@users.noreply.github.com', primary: false, verified: true, visibility: null },
    { email: 'octocat@github.com', primary: true, verified: true, visibility: 'private' },
  ],
}

const fresh = (state: State, prefix: string): string => {
  const token = `${prefix}${randomBytes(18).toString('hex')}`
  state.issued.add(token)
  return token
}

/** The registered callback, or a path below it (docs: "Redirect URLs"). */
const belongs = (callback: string | null, asked: string | null): boolean => {
  if (callback === null || asked === null) return true
  const [own, other] = [new URL(callback), new URL(asked)]
  return own.origin === other.origin && other.pathname.startsWith(own.pathname)
}

const authorize = (state: State, query: URLSearchParams, response: ServerResponse) => {
  const asked = query.get('redirect_uri')
  const told = query.get('state')
  const back = (target: string, answer: Readonly<Record<string, string>>) => {
    const answers = new URLSearchParams({ ...answer, ...(told === null ? {} : { state: told }) })
    redirect(response, `${target}?${answers}`)
  }
  if (query.get('client_id') !== state.clientId) return sendJson(response, 404, { message: 'Not Found' })
  if (!belongs(state.callback, asked))
    return back(state.callback ?? '', {
      error: 'redirect_uri_mismatch',
      error_description: 'The redirect_uri MUST match the registered callback URL for this application.',
    })
  const target = asked ?? state.callback ?? ''
  if (state.denied)
    return back(target, {
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
    })
  const method = query.get('code_challenge_method')
  const challenge = query.get('code_challenge')
  // Only S256 is accepted (changelog of 2025-07-14).
  if (challenge !== null && method !== 'S256') return back(target, { error: 'invalid_request' })
  const code = fresh(state, '')
  state.codes.set(code, { redirectUri: asked, challenge, scope: query.get('scope') ?? '' })
  back(target, { code })
}

const failed = (error: string, error_description: string) => ({ error, error_description })
const badCode = failed('bad_verification_code', 'The code passed is incorrect or expired.')
const badClient = failed(
  'incorrect_client_credentials',
  'The client_id and/or client_secret passed are incorrect.',
)
const badRefresh = failed('bad_refresh_token', 'The refresh token passed is incorrect or expired.')

const proves = ({ challenge }: Code, form: URLSearchParams): boolean =>
  challenge === null ||
  challenge ===
    createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')

const tokens = (state: State, scope: string): Record<string, string | number> => {
  const granted =
    state.app === 'oauth'
      ? scope
          .split(/[\s,]+/)
          .filter(Boolean)
          .join(',')
      : ''
  const accessToken = fresh(state, state.app === 'oauth' ? 'gho_' : 'ghu_')
  state.accessTokens.set(accessToken, granted)
  const answer = { access_token: accessToken, scope: granted, token_type: 'bearer' }
  if (state.app === 'oauth') return answer
  const refreshToken = fresh(state, 'ghr_')
  state.refreshTokens.add(refreshToken)
  return { ...answer, expires_in: 28_800, refresh_token: refreshToken, refresh_token_expires_in: 15_897_600 }
}

const exchange = (state: State, form: URLSearchParams): Record<string, string | number> => {
  if (form.get('client_id') !== state.clientId || form.get('client_secret') !== state.clientSecret)
    return badClient
  if (form.get('grant_type') === 'refresh_token') {
    // Once used, a refresh token is worth nothing.
    const known = state.refreshTokens.delete(form.get('refresh_token') ?? '')
    return known ? tokens(state, '') : badRefresh
  }
  const code = state.codes.get(form.get('code') ?? '')
  state.codes.delete(form.get('code') ?? '')
  if (code === undefined || !proves(code, form)) return badCode
  const told = form.get('redirect_uri')
  if (told !== null && code.redirectUri !== null && told !== code.redirectUri)
    return failed(
      'redirect_uri_mismatch',
      'The redirect_uri MUST match the registered callback URL for this application.',
    )
  return tokens(state, code.scope)
}

/** Errors too come with status 200, in the form that was asked for: a form unless told. */
const answerToken = (response: ServerResponse, accept: string, answer: Record<string, string | number>) => {
  if (accept.includes('application/json')) return sendJson(response, 200, answer)
  const text = Object.entries(answer).map(([name, value]): [string, string] => [name, String(value)])
  response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })
  response.end(new URLSearchParams(text).toString())
}

const api = (state: State, request: IncomingMessage, response: ServerResponse, path: string) => {
  if (request.headers['user-agent'] === undefined)
    return sendJson(response, 403, { message: 'Request forbidden by administrative rules.' })
  const scope = state.accessTokens.get(bearerOf(request))
  if (scope === undefined) return sendJson(response, 401, { message: 'Bad credentials' })
  const { emails, ...user } = state.account
  const scopes = scope.split(',')
  const headers = { 'x-oauth-scopes': scopes.join(', '), 'content-type': 'application/json; charset=utf-8' }
  if (path === '/user') return sendJson(response, 200, { ...user, type: 'User' }, headers)
  const mayRead = state.app === 'github' || scopes.includes('user:email') || scopes.includes('user')
  if (!mayRead) return sendJson(response, 404, { message: 'Not Found' }, headers)
  sendJson(response, 200, emails, headers)
}

const answering =
  (state: State): RequestListener =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://github.invalid')
    const form = new URLSearchParams(request.method === 'POST' ? await bodyOf(request) : url.search)
    const accept = request.headers.accept ?? ''
    state.seen.push({ method: request.method ?? '', path: url.pathname, parameters: form, accept })
    if (url.pathname === '/login/oauth/authorize') return authorize(state, url.searchParams, response)
    if (url.pathname === '/login/oauth/access_token' && request.method === 'POST')
      return answerToken(response, state.answers === 'form' ? '' : accept, exchange(state, form))
    if (url.pathname === '/user' || url.pathname === '/user/emails')
      return api(state, request, response, url.pathname)
    sendJson(response, 404, { message: 'Not Found' })
  }

/**
 * GitHub's endpoints for signing in, after its documentation: "Authorizing OAuth apps", "Troubleshooting OAuth app
 * access token request errors", "Refreshing user access tokens", and the REST pages of `/user` and `/user/emails`.
 */
export const startGithub = async (options: GithubOptions = {}): Promise<GithubStandIn> => {
  const state: State = {
    account: { ...octocat, ...options.account },
    app: options.app ?? 'oauth',
    answers: options.answers ?? 'asked',
    callback: options.callback ?? null,
    clientId: `Iv1.${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Set(),
    issued: new Set(),
    seen: [],
    denied: false,
  }
  const { origin, close } = await listen(answering(state))
  return {
    origin,
    clientId: state.clientId,
    clientSecret: state.clientSecret,
    endpoints: {
      authorization: `${origin}/login/oauth/authorize`,
      token: `${origin}/login/oauth/access_token`,
      userinfo: `${origin}/user`,
    },
    extra: { url: `${origin}/user/emails` },
    issued: state.issued,
    seen: state.seen,
    deny: (denied) => {
      state.denied = denied
    },
    takeBack: () => {
      state.accessTokens.clear()
      state.refreshTokens.clear()
    },
    stop: close,
  }
}
