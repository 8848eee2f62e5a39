import { createHash, randomBytes } from 'node:crypto'
import { type Agent, createAgent, type Page } from './agent.ts'
import { formsOf } from './forms.ts'
import type { Doorward, RegisteredClient, TestUser } from './server.ts'

export const callbackUri = 'https://app.example/callback'

export type Pkce = { readonly verifier: string; readonly challenge: string }

/** A fresh code verifier and its S256 challenge (RFC 7636 §4). */
export const createPkce = (): Pkce => {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>

/** Parameters as a form or a query; `undefined` leaves one out, a list repeats it. */
export const encode = (parameters: Parameters): URLSearchParams => {
  const encoded = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'string') encoded.append(name, value)
    else for (const one of value ?? []) encoded.append(name, one)
  }
  return encoded
}

export const authorizeUrl = (server: Doorward, parameters: Parameters): string =>
  `${server.issuer}/oauth/authorize?${encode(parameters)}`

const takes = (page: Page, ...names: readonly string[]): boolean =>
  formsOf(page.text).some((form) =>
    names.every((name) => form.names.has(name) || form.buttons.some((button) => button.name === name)),
  )

/** Signs in and allows, page by page, until the browser is sent off or nothing known is asked. */
export const walk = async (
  agent: Agent,
  start: Page,
  user: Pick<TestUser, 'email' | 'password'>,
): Promise<Page> => {
  let page = start
  for (let steps = 0; steps < 6; steps += 1) {
    if (page.status >= 300) return page
    if (takes(page, 'password'))
      page = await agent.submit(page, { email: user.email, password: user.password })
    else if (takes(page, 'decision')) page = await agent.submit(page, { decision: 'allow' })
    else return page
  }
  return page
}

export type Authorized = {
  readonly agent: Agent
  readonly pkce: Pkce
  readonly redirectUri: string
  /** The parameters that came back to the client. */
  readonly answer: URLSearchParams
  readonly code: string
}

export type AuthorizeOptions = {
  readonly agent?: Agent
  readonly parameters?: Parameters
}

/** The client's answer at its redirect URI; throws where the page sends nobody anywhere. */
export const answerOf = (agent: Agent, page: Page): URL => {
  const location = agent.location(page)
  if (location === null)
    throw new Error(`Not sent back (${page.status} at ${page.url}):\n${page.text.slice(0, 3000)}`)
  return new URL(location)
}

/** A whole authorization for `user` at `client`, up to the code. */
export const authorize = async (
  server: Doorward,
  client: RegisteredClient,
  user: TestUser,
  options: AuthorizeOptions = {},
): Promise<Authorized> => {
  const agent = options.agent ?? createAgent()
  const pkce = createPkce()
  const parameters: Parameters = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: callbackUri,
    scope: 'openid offline_access',
    state: randomBytes(8).toString('base64url'),
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
    ...options.parameters,
  }
  const page = await walk(agent, await agent.open(authorizeUrl(server, parameters)), user)
  const { searchParams: answer } = answerOf(agent, page)
  const code = answer.get('code') ?? ''
  if (code === '') throw new Error(`No code: ${answer}`)
  return { agent, pkce, answer, code, redirectUri: String(parameters.redirect_uri) }
}

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON object of the body; empty where it is none. */
  readonly body: Readonly<Record<string, unknown>>
}

const readJson = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

export const answer = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: readJson(text) }
}

/** How a client proves itself in a form: nothing but its id, or with its secret (client_secret_post). */
export const credentials = (client: RegisteredClient): Parameters => ({
  client_id: client.client_id,
  client_secret:
    client.token_endpoint_auth_method === 'client_secret_post' ? client.client_secret : undefined,
})

const basic = (client: RegisteredClient): Record<string, string> => {
  if (client.token_endpoint_auth_method === 'none' || client.client_secret === undefined) return {}
  const pair = [client.client_id, client.client_secret].map(encodeURIComponent).join(':')
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** POST of a form to one of the server's program endpoints, authenticated as the client registered. */
export const post = async (
  server: Doorward,
  path: string,
  parameters: Parameters,
  client?: RegisteredClient,
): Promise<Answer> => {
  const inBody = client !== undefined && client.token_endpoint_auth_method !== 'client_secret_basic'
  const body = encode({ ...(inBody ? credentials(client) : {}), ...parameters })
  const headers = client === undefined || inBody ? {} : basic(client)
  return answer(await fetch(`${server.origin}${path}`, { method: 'POST', body, headers }))
}

/** Redeems the code (RFC 6749 §4.1.3). */
export const exchange = (
  server: Doorward,
  client: RegisteredClient,
  authorized: Pick<Authorized, 'code' | 'pkce' | 'redirectUri'>,
  parameters: Parameters = {},
): Promise<Answer> =>
  post(
    server,
    '/oauth/token',
    {
      grant_type: 'authorization_code',
      code: authorized.code,
      redirect_uri: authorized.redirectUri,
      code_verifier: authorized.pkce.verifier,
      ...parameters,
    },
    client,
  )

/** Refreshes (RFC 6749 §6). */
export const refresh = (
  server: Doorward,
  client: RegisteredClient,
  refreshToken: string,
  parameters: Parameters = {},
): Promise<Answer> =>
  post(
    server,
    '/oauth/token',
    { grant_type: 'refresh_token', refresh_token: refreshToken, ...parameters },
    client,
  )

/** A whole sign-in down to the tokens; throws unless it succeeds. */
export const signIn = async (
  server: Doorward,
  client: RegisteredClient,
  user: TestUser,
  options: AuthorizeOptions = {},
): Promise<Authorized & { readonly tokens: Answer['body'] }> => {
  const authorized = await authorize(server, client, user, options)
  const { status, body, text } = await exchange(server, client, authorized)
  if (status !== 200) throw new Error(`The code was refused (${status}): ${text}`)
  return { ...authorized, tokens: body }
}

/** Whether an access token is live, by its own client's introspection (RFC 7662). */
export const isActive = async (
  server: Doorward,
  client: RegisteredClient,
  token: string,
): Promise<boolean> => {
  const { body } = await post(server, '/oauth/introspect', { token }, client)
  return body.active === true
}
