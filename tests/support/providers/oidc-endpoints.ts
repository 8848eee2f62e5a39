import { createHash, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { JWTPayload } from 'jose'
import { brokenAnswers } from './broken-answers.ts'
import type { Place } from './faults.ts'
import { bearerOf, credentialsOf, redirect, sendJson } from './http.ts'
import { issueIdToken, tokenHash } from './id-tokens.ts'
import type { Call, Endpoint, Grant, State } from './state.ts'

const fresh = (state: State, kind: string): string => {
  const token = `${kind}-${randomBytes(24).toString('base64url')}`
  state.issued.add(token)
  return token
}

/** Sends `body`, or breaks it on its way if that is the fault. */
const reply = (state: State, response: ServerResponse, place: Place, body: unknown): void => {
  const [, broken] = Object.entries(brokenAnswers).find(([kind]) => state.fault === `${place}-${kind}`) ?? []
  if (broken === undefined || response.req.url?.startsWith('/elsewhere')) sendJson(response, 200, body)
  else broken.answer(response, JSON.stringify(body))
}

/** As Microsoft Entra ID names itself where it stands for all directories. */
const template = (issuer: string, tenant: string): string => `${issuer}/${tenant}/v2.0`

const discoveryDocument = ({ issuer, fault, key, options: { quirks } }: State) => ({
  issuer:
    fault === 'discovery-other-issuer'
      ? 'https://id.elsewhere.example'
      : quirks.issuerTemplate
        ? template(issuer, '{tenantid}')
        : issuer,
  authorization_endpoint: `${issuer}/authorize`,
  ...(fault === 'discovery-no-token-endpoint' ? {} : { token_endpoint: `${issuer}/token` }),
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  revocation_endpoint: `${issuer}/revoke`,
  end_session_endpoint: `${issuer}/logout`,
  response_types_supported: ['code'],
  response_modes_supported: ['query', 'form_post'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [key.alg],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: quirks.issuerTemplate !== true,
})

const answersOf = (state: State, query: URLSearchParams): Record<string, string> => {
  const { fault, issuer, options } = state
  const { quirks, user } = options
  const iss = fault === 'iss-wrong' ? 'https://id.elsewhere.example' : issuer
  const told = query.get('state') ?? ''
  const common = {
    ...(fault === 'iss-missing' || quirks.issuerTemplate ? {} : { iss }),
    ...(fault === 'state-missing' ? {} : { state: fault === 'state-wrong' ? `${told}x` : told }),
  }
  if (fault === 'access-denied')
    return { ...common, error: 'access_denied', error_description: '<script>alert(1)</script> said no' }
  if (fault === 'authorization-error') return { ...common, error: 'server_error' }
  if (fault === 'code-missing') return common
  const code = fresh(state, 'code')
  state.codes.set(code, {
    redirectUri: query.get('redirect_uri') ?? '',
    challenge: query.get('code_challenge'),
    nonce: query.get('nonce'),
    scope: query.get('scope') ?? '',
  })
  state.signIns += 1
  // Apple tells the name at the first sign-in, and never again.
  const person = {
    name: { firstName: user.given_name, lastName: user.family_name },
    email: 'forged@example.com',
  }
  const introduction = quirks.userField && state.signIns === 1 ? { user: JSON.stringify(person) } : {}
  return { ...common, code, ...introduction }
}

const formPost = (target: string, answers: Record<string, string>): string => {
  const fields = Object.entries(answers).map(
    ([name, value]) =>
      `<input type="hidden" name="${name}" value="${value.replaceAll(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)}">`,
  )
  return `<!doctype html><form method="post" action="${target}">${fields.join('')}<button>Continue</button></form>`
}

const authorize: Endpoint = async ({ state, parameters: query, response }) => {
  const target = query.get('redirect_uri') ?? ''
  const proper = query.get('client_id') === state.clientId && query.get('response_type') === 'code'
  const pkce = query.get('code_challenge') === null || query.get('code_challenge_method') === 'S256'
  const { formPost: byForm, commaScopes } = state.options.quirks
  const scopes = !commaScopes || !query.get('scope')?.includes(' ')
  const mode = !byForm || query.get('response_mode') === 'form_post'
  if (!proper || !pkce || !scopes || !mode || !URL.canParse(target))
    return sendJson(response, 400, { error: 'invalid_request' })
  const answers = answersOf(state, query)
  if (query.get('response_mode') !== 'form_post')
    return redirect(response, `${target}?${new URLSearchParams(answers)}`)
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(formPost(target, answers))
}

const idTokenClaims = (state: State, { nonce }: Grant, accessToken: string): JWTPayload => {
  const now = Math.floor(Date.now() / 1000)
  const { user, quirks } = state.options
  return {
    ...user,
    iss: quirks.issuerTemplate ? template(state.issuer, String(user.tid)) : state.issuer,
    aud: state.clientId,
    iat: now,
    exp: now + 600,
    auth_time: now,
    sid: 'session-1',
    at_hash: tokenHash(accessToken),
    ...(nonce === null ? {} : { nonce }),
  }
}

/** What a provider with such a quirk always does, an orthodox one does by fault. */
const habit = ({ options: { quirks } }: State): string | null =>
  quirks.noNonce ? 'id-token-no-nonce' : quirks.hs256IdToken ? 'id-token-hs256-secret' : null

const grantedScope = ({ options: { quirks } }: State, { scope }: Grant): string | string[] => {
  const scopes = scope.split(/[\s,]+/)
  return quirks.scopeList ? scopes : scopes.join(quirks.commaScopesInAnswer ? ',' : ' ')
}

const tokenAnswer = async (state: State, grant: Grant, refreshToken: string) => {
  const { fault, key, clientSecret, options } = state
  const accessToken = fresh(state, 'access')
  state.accessTokens.add(accessToken)
  const claims = idTokenClaims(state, grant, accessToken)
  const idToken = await issueIdToken({ claims, key, clientSecret }, fault ?? habit(state))
  state.issued.add(idToken)
  return {
    ...(fault === 'no-access-token' ? {} : { access_token: accessToken }),
    ...(fault === 'no-token-type' ? {} : { token_type: fault === 'other-token-type' ? 'mac' : 'Bearer' }),
    ...(fault === 'no-id-token' || !/\bopenid\b/.test(grant.scope) ? {} : { id_token: idToken }),
    ...(options.quirks.userinfoInTokenAnswer ? { owner: { user: options.user } } : {}),
    expires_in: options.expiresIn,
    refresh_token: refreshToken,
    scope: grantedScope(state, grant),
  }
}

const newRefreshToken = (state: State, grant: Grant): string => {
  const token = fresh(state, 'refresh')
  state.refreshTokens.set(token, { grant, successor: null })
  return token
}

/** A code is good once, for its redirect URI and verifier (RFC 6749 §4.1.3, RFC 7636 §4.6). */
const redeem = (state: State, form: URLSearchParams): Grant | null => {
  const code = form.get('code') ?? ''
  const grant = state.codes.get(code)
  state.codes.delete(code)
  if (grant === undefined || grant.redirectUri !== form.get('redirect_uri')) return null
  const hash = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  return grant.challenge === null || grant.challenge === hash ? grant : null
}

const refusals: Readonly<Record<string, { readonly status: number; readonly error: string }>> = {
  'invalid-client': { status: 401, error: 'invalid_client' },
  'invalid-grant': { status: 400, error: 'invalid_grant' },
  'redirect-uri-mismatch': { status: 400, error: 'redirect_uri_mismatch' },
}

/** A rotated refresh token, shown again, leads to the same successor: its answer may have been lost. */
const refresh = (state: State, form: URLSearchParams): { grant: Grant; refreshToken: string } | null => {
  const known = state.refreshTokens.get(form.get('refresh_token') ?? '')
  if (known === undefined || state.fault === 'refresh-refused') return null
  known.successor ??= newRefreshToken(state, known.grant)
  return { grant: known.grant, refreshToken: known.successor }
}

const exchange = (state: State, form: URLSearchParams) => {
  if (form.get('grant_type') === 'refresh_token') return refresh(state, form)
  const grant = redeem(state, form)
  return grant === null ? null : { grant, refreshToken: newRefreshToken(state, grant) }
}

/** Some providers refuse with status 200. */
const refuse = ({ state, response }: Call, status: number, error: string): void =>
  state.options.quirks.errorsIn200
    ? sendJson(response, 200, { ok: false, error })
    : sendJson(response, status, { error })

const knows = async ({ state, request, parameters }: Call): Promise<boolean> => {
  const { isSecret, quirks } = state.options
  const { id, secret } = credentialsOf(request, parameters, quirks.rawBasic ? (text) => text : undefined)
  if (id !== state.clientId) return false
  return isSecret === undefined ? secret === state.clientSecret : isSecret(secret)
}

const token: Endpoint = async (call) => {
  const { state, request, response, parameters: form } = call
  const inJson = request.headers['content-type']?.startsWith('application/json') === true
  if (inJson !== (state.options.quirks.jsonTokenRequest === true)) return refuse(call, 400, 'invalid_request')
  const refusal = refusals[(await knows(call)) ? (state.fault ?? '') : 'invalid-client']
  if (refusal !== undefined) return refuse(call, refusal.status, refusal.error)
  const done = exchange(state, form)
  if (done === null) return refuse(call, 400, 'invalid_grant')
  const answer = await tokenAnswer(state, done.grant, done.refreshToken)
  state.tokenRequests += 1
  if (state.dropEvery > 0 && state.tokenRequests % state.dropEvery === 0) response.destroy()
  else reply(state, response, form.get('grant_type') === 'refresh_token' ? 'refresh' : 'token', answer)
}

const userinfo: Endpoint = async ({ state, request, response }) => {
  if (request.method !== (state.options.quirks.userinfoPost ? 'POST' : 'GET'))
    return sendJson(response, 405, { error: 'method_not_allowed' })
  if (!state.accessTokens.has(bearerOf(request))) return sendJson(response, 401, { error: 'invalid_token' })
  const { sub, ...others } = state.options.user
  const subject = state.fault === 'userinfo-other-subject' ? 'somebody-else' : sub
  const known = state.fault === 'userinfo-no-subject' ? {} : { sub: subject }
  reply(state, response, 'userinfo', { ...known, ...others })
}

const revoke: Endpoint = async ({ state, response, parameters: form }) => {
  state.accessTokens.delete(form.get('token') ?? '')
  state.refreshTokens.delete(form.get('token') ?? '')
  response.writeHead(200).end()
}

const logout: Endpoint = async ({ response, parameters }) =>
  redirect(response, parameters.get('post_logout_redirect_uri') ?? '/')

const publishedKey = ({ key, issuer, options: { keyIssuer } }: State) =>
  keyIssuer === undefined ? key.jwk : { ...key.jwk, issuer: keyIssuer(issuer) }

/** Each endpoint by its path below the issuer. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  '/.well-known/openid-configuration': async ({ state, response }) =>
    reply(state, response, 'discovery', discoveryDocument(state)),
  '/jwks': async ({ state, response }) =>
    reply(state, response, 'jwks', { keys: state.fault === 'jwks-empty' ? [] : [publishedKey(state)] }),
  '/authorize': authorize,
  '/token': token,
  '/userinfo': userinfo,
  '/revoke': revoke,
  '/logout': logout,
}
