import { describe, expect, it } from 'vitest'
import { rememberKeys } from '../../src/exchange/keys.ts'
import type { ProviderDeps } from '../../src/exchange/provider-deps.ts'
import { parseTokenAnswer } from '../../src/exchange/token-answer.ts'
import type { Grant } from '../../src/exchange/token-request.ts'
import { oauth2 } from '../../src/providers/index.ts'
import type { Quirks } from '../../src/providers/provider.ts'

const NOW = 1_800_000_000
const nowhere = () => Promise.reject(new Error('nothing is asked'))
const endpoints = { authorization: 'https://id.example.com/a', token: 'https://id.example.com/t' }

const depsWith = (quirks: Quirks): ProviderDeps => ({
  provider: oauth2({
    ...{ id: 'acme', name: 'Acme', scope: 'read', endpoints, clientId: 'a', clientSecret: 'b', quirks },
    profile: () => ({ subject: '1', email: null, emailVerified: false, name: null, picture: null }),
  }),
  fetch: nowhere,
  metadata: nowhere,
  keys: rememberKeys(nowhere),
  redirectUri: 'https://app.example.com/login/acme/callback',
  clock: () => NOW,
  clockTolerance: 0,
})

type Answer = {
  readonly status?: number
  readonly type?: string
  readonly grant?: Grant
  readonly quirks?: Quirks
}
const parse = (
  body: unknown,
  { status = 200, type = 'application/json', grant, quirks = {} }: Answer = {},
) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = new Response(text, { status, headers: { 'content-type': type } })
  return parseTokenAnswer(response, grant ?? 'authorization_code', depsWith(quirks))
}
const FORM = 'application/x-www-form-urlencoded'
const REDIRECT_URI = { error: 'invalid_grant', error_description: 'redirect_uri does not match' }
const good = { access_token: 'at', token_type: 'Bearer' }

describe('the token answer', () => {
  it('is read by RFC 6749 §5.1', async () => {
    const { tokens } = await parse({
      ...good,
      expires_in: 60,
      refresh_token: 'rt',
      id_token: 'it',
      scope: 'a b',
    })
    expect(tokens).toEqual({
      accessToken: 'at',
      tokenType: 'bearer',
      refreshToken: 'rt',
      idToken: 'it',
      scope: 'a b',
      expiresAt: NOW + 60,
    })
  })

  it('may leave out all but token and type; the scope is then what was asked for', async () => {
    const { tokens } = await parse({ ...good, refresh_token: '', expires_in: null })
    expect(tokens).toMatchObject({ refreshToken: null, idToken: null, scope: 'read', expiresAt: null })
  })

  it('may write expires_in as a text', async () => {
    expect((await parse({ ...good, expires_in: '60' })).tokens.expiresAt).toBe(NOW + 60)
  })

  it.each<[string, unknown, Answer, string]>([
    ['is no JSON', '<html>', {}, 'answer_unreadable'],
    ['is JSON but no object', '[]', {}, 'answer_unreadable'],
    [
      'is a form where none was announced',
      'access_token=at&token_type=bearer',
      { type: FORM },
      'answer_unreadable',
    ],
    ['lacks the token', { token_type: 'Bearer' }, {}, 'token_answer_incomplete'],
    ['lacks the type', { access_token: 'at' }, {}, 'token_answer_incomplete'],
    ['has a number for a token', { ...good, access_token: 1 }, {}, 'token_answer_incomplete'],
    ['expires at no time', { ...good, expires_in: 'soon' }, {}, 'token_answer_incomplete'],
    ['has tokens bound to a key', { ...good, token_type: 'DPoP' }, {}, 'token_type_unsupported'],
    ['refuses the client', { error: 'invalid_client' }, { status: 401 }, 'client_rejected'],
    ['refuses the code', { error: 'invalid_grant' }, { status: 400 }, 'code_refused'],
    ['names the redirect URI', REDIRECT_URI, { status: 400 }, 'redirect_uri_mismatch'],
    ['refuses otherwise', { error: 'invalid_scope' }, { status: 400 }, 'token_request_refused'],
    ['refuses without a reason', {}, { status: 400 }, 'token_request_refused'],
    ['is a refusal in a 200, unannounced', { error: 'invalid_grant' }, {}, 'token_answer_incomplete'],
  ])('that %s is refused', async (_title, body, answer, code) => {
    await expect(parse(body, answer)).rejects.toMatchObject({ code, provider: 'acme' })
  })

  it('tells a refused refresh token from everything that is worth another try', async () => {
    const refresh = { status: 400, grant: 'refresh_token' } as const
    await expect(parse({ error: 'invalid_grant' }, refresh)).rejects.toMatchObject({
      code: 'refresh_refused',
    })
    await expect(parse({ error: 'invalid_client' }, refresh)).rejects.toMatchObject({
      code: 'client_rejected',
    })
    await expect(parse(REDIRECT_URI, refresh)).rejects.toMatchObject({ code: 'refresh_refused' })
  })

  it("quotes the provider's error, and never a token", async () => {
    const body = { ...good, error: 'invalid_grant', error_description: 'The code is used.' }
    await expect(parse(body, { status: 400 })).rejects.toMatchObject({
      detail: 'invalid_grant: The code is used.',
    })
  })
})

describe('a refusal in words of its own', () => {
  const twitch = (status: number, message: string) => ({ status, message })

  it.each<[string, unknown, Answer]>([
    ['Twitch', { error: 'Bad Request', ...twitch(400, 'Invalid refresh token') }, { status: 400 }],
    ['Twitch with 401', twitch(401, 'Invalid refresh token'), { status: 401 }],
    ['Slack', { ok: false, error: 'invalid_refresh_token' }, { quirks: { errorsIn200: true } }],
    ['GitHub', { error: 'bad_refresh_token' }, { quirks: { errorsIn200: true } }],
    [
      'Atlassian',
      { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
      { status: 403 },
    ],
    [
      'X',
      { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
      { status: 400 },
    ],
  ])('of a refresh token ends what it belongs to: %s', async (_provider, body, answer) => {
    const refused = parse(body, { ...answer, grant: 'refresh_token' })
    await expect(refused).rejects.toMatchObject({ code: 'refresh_refused' })
  })

  it.each<[string, unknown, number, string]>([
    [
      'is missing',
      { error: 'invalid_request', message: 'missing refresh token' },
      400,
      'token_request_refused',
    ],
    [
      'is of a grant that is switched off',
      {
        error: 'unauthorized_client',
        error_description: 'The refresh_token grant is not valid for this client',
      },
      400,
      'client_rejected',
    ],
    ['is not looked at, for the client is unknown', twitch(400, 'invalid client'), 400, 'client_rejected'],
  ])('a refresh token that %s ends nothing', async (_title, body, status, code) => {
    await expect(parse(body, { status, grant: 'refresh_token' })).rejects.toMatchObject({ code })
  })

  it.each<[string, unknown, Answer, string]>([
    ['bad_client_secret (Slack)', { ok: false, error: 'bad_client_secret' }, {}, 'client_rejected'],
    ['invalid_client_id (Slack)', { ok: false, error: 'invalid_client_id' }, {}, 'client_rejected'],
    ['bad_redirect_uri (Slack)', { ok: false, error: 'bad_redirect_uri' }, {}, 'redirect_uri_mismatch'],
    ['invalid_code (Slack)', { ok: false, error: 'invalid_code' }, {}, 'code_refused'],
    ['401 (Reddit)', { message: 'Unauthorized', error: 401 }, { status: 401 }, 'client_rejected'],
    ['401 without a word', {}, { status: 401 }, 'client_rejected'],
    ['client secret (Twitch)', twitch(403, 'invalid client secret'), { status: 403 }, 'client_rejected'],
    ['client id (Twitch)', twitch(400, 'invalid client'), { status: 400 }, 'client_rejected'],
    [
      'redirect URI (Twitch)',
      twitch(400, 'Parameter redirect_uri does not match registered URI'),
      { status: 400 },
      'redirect_uri_mismatch',
    ],
    ['code (Twitch)', twitch(400, 'Invalid authorization code'), { status: 400 }, 'code_refused'],
    [
      'code (X)',
      {
        error: 'invalid_request',
        error_description: 'Value passed for the authorization code was invalid.',
      },
      { status: 400 },
      'code_refused',
    ],
  ])('of client, redirect URI or code has its own cause: %s', async (_title, body, answer, code) => {
    const quirks = answer.status === undefined ? ({ errorsIn200: true } as const) : {}
    await expect(parse(body, { ...answer, quirks })).rejects.toMatchObject({ code })
  })

  it('is repeated where it stands in `message`', async () => {
    const refused = parse({ error: 'Forbidden', ...twitch(403, 'invalid client secret') }, { status: 403 })
    await expect(refused).rejects.toMatchObject({ detail: 'Forbidden: invalid client secret' })
  })
})

describe('quirks of token answers', () => {
  it('errorsIn200: an error is one whatever the status', async () => {
    const quirks = { errorsIn200: true } as const
    await expect(parse({ error: 'bad_verification_code' }, { quirks })).rejects.toMatchObject({
      code: 'code_refused',
    })
    await expect(parse({ ok: false, error: 'fatal_error' }, { quirks })).rejects.toMatchObject({
      code: 'token_request_refused',
    })
    expect((await parse(good, { quirks })).tokens.accessToken).toBe('at')
  })

  it('acceptJson: a form is taken as well as JSON', async () => {
    const form = { type: `${FORM}; charset=utf-8`, quirks: { acceptJson: true } } as const
    expect((await parse('access_token=at&token_type=bearer&scope=', form)).tokens).toMatchObject({
      accessToken: 'at',
      scope: '',
    })
  })

  it('commaScopesInAnswer and scopeList: scopes come out separated by spaces', async () => {
    const commas = { ...good, scope: 'user:email,read:user' }
    expect((await parse(commas, { quirks: { commaScopesInAnswer: true } })).tokens.scope).toBe(
      'user:email read:user',
    )
    const list = { ...good, scope: ['a', 'b'] }
    expect((await parse(list, { quirks: { scopeList: true } })).tokens.scope).toBe('a b')
  })

  it('an error that is an object is read too', async () => {
    const body = { error: { type: 'OAuthException', message: 'Invalid code' } }
    await expect(parse(body, { status: 400 })).rejects.toMatchObject({
      detail: 'OAuthException: Invalid code',
    })
  })
})
