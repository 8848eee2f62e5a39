import { randomToken, sha256 } from '@doorward/core/crypto'
import { parseJwt } from '@doorward/core/jwt'
import { emailKey } from '../../../src/identity/email.ts'
import { newSession, passwordAuthentication } from '../../../src/identity/sessions.ts'
import type { AuthorizationCode, Grant, Session } from '../../../src/storage/records.ts'
import { newCode } from '../../../src/tokens/code.ts'
import { CALLBACK, ISSUER, PASSWORD, type TestServer } from './server.ts'

export const VERIFIER = 'v'.repeat(43)

/** What a program endpoint answered. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export type Credentials = { readonly id: string; readonly secret: string }

/** A confidential client, by Basic unless told otherwise. */
export async function confidential(
  server: TestServer,
  members: Record<string, unknown> = {},
): Promise<Credentials> {
  const { client, secret } = await server.clients.create({
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: 'openid profile email offline_access plain',
    ...members,
  })
  return { id: client.id, secret: secret ?? '' }
}

export function basic({ id, secret }: Credentials): Record<string, string> {
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

type Form = Record<string, string> | readonly (readonly [string, string])[]

/** Posts a form to a program endpoint and reads the JSON it answers. */
export async function post(
  server: TestServer,
  path: string,
  form: Form,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const pairs = Array.isArray(form) ? form.map(([name, value]) => [name, value]) : Object.entries(form)
  const request = new Request(`${ISSUER}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(pairs).toString(),
  })
  return read(await server.fetch(request, '192.0.2.1'))
}

export async function get(
  server: TestServer,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return read(await server.fetch(new Request(`${ISSUER}${path}`, { method, headers }), '192.0.2.1'))
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const json = text !== '' && response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : {} }
}

export const token = (server: TestServer, client: Credentials, form: Form): Promise<Answer> =>
  post(server, '/oauth/token', form, basic(client))

/** A person with a live session, as a sign-in leaves them. */
export async function signedIn(
  server: TestServer,
  email = `${randomToken(4).toLowerCase()}@example.com`,
): Promise<Session> {
  const { deps } = server
  await server.users.create({ email, password: PASSWORD, name: 'Ada Lovelace' })
  const person = await deps.storage.users.findForSignIn(emailKey(email))
  if (person === null) throw new Error('the account is gone')
  const now = deps.clock()
  const session = newSession(person, passwordAuthentication(now), deps.config, now)
  await deps.storage.sessions.insert(session, sha256(randomToken()))
  return session
}

type CodeFacts = Partial<Pick<AuthorizationCode, 'redirectUri' | 'codeChallenge' | 'nonce'>> & {
  readonly grant?: Partial<Grant>
}

/** A code, as the authorize endpoint issues it. */
export async function issueCode(
  { deps }: TestServer,
  { id: clientId }: Pick<Credentials, 'id'>,
  { userId, sid, authTime, acr, amr }: Session,
  { grant, ...facts }: CodeFacts = {},
): Promise<string> {
  const scopes = grant?.scopes ?? ['openid']
  const { code, record } = newCode(
    {
      grant: {
        ...{ clientId, userId, sid, authTime, acr, amr, scopes },
        resources: [ISSUER],
        claims: { userinfo: [], idToken: [] },
        offline: scopes.includes('offline_access'),
        ...grant,
      },
      redirectUri: CALLBACK,
      codeChallenge: sha256(VERIFIER),
      nonce: null,
      ...facts,
    },
    deps,
    deps.clock(),
  )
  await deps.storage.codes.insert(record)
  return code
}

/** Redeems a code with all that belongs to it. */
export const redeem = (
  server: TestServer,
  client: Credentials,
  code: string,
  more: Record<string, string> = {},
): Promise<Answer> =>
  token(server, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...more,
  })

export const refresh = (
  server: TestServer,
  client: Credentials,
  refreshToken: string,
  more: Record<string, string> = {},
): Promise<Answer> =>
  token(server, client, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more })

/** Client, person and first tokens in one. */
export async function firstTokens(server: TestServer, facts: CodeFacts = {}) {
  const client = await confidential(server)
  const session = await signedIn(server)
  const { status, body } = await redeem(server, client, await issueCode(server, client, session, facts))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return { client, session, body, ...textsOf(body) }
}

/** The tokens of an answer as texts; '' where there is none. */
export function textsOf(body: Record<string, unknown>) {
  const text = (name: string): string => {
    const value = body[name]
    return typeof value === 'string' ? value : ''
  }
  return {
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
  }
}

export const claimsOf = (jwt: string): Readonly<Record<string, unknown>> => parseJwt(jwt).claims
export const headerOf = (jwt: string): Readonly<Record<string, unknown>> => ({ ...parseJwt(jwt).header })

/** True where the first party's introspection says so. */
export async function isActive(server: TestServer, client: Credentials, text: string): Promise<boolean> {
  const { body } = await post(server, '/oauth/introspect', { token: text }, basic(client))
  return body.active === true
}
