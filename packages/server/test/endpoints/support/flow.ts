import { sha256 } from '@doorward/core/crypto'
import { parseJwt } from '@doorward/core/jwt'
import type { Session } from '../../../src/storage/records.ts'
import type { Agent, Page } from './agent.ts'
import { CALLBACK, ISSUER, PASSWORD, type TestServer } from './server.ts'

export const VERIFIER = 'a-code-verifier-that-is-long-enough-for-rfc-7636'

/** A public client that people are asked about, unless told otherwise. */
export async function addClient(server: TestServer, more: Record<string, unknown> = {}): Promise<string> {
  const { client } = await server.clients.create({
    client_name: 'Orders',
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: ['https://app.example.com/bye'],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile email offline_access',
    ...more,
  })
  return client.id
}

export async function addUser(server: TestServer, email = 'ada@example.com'): Promise<string> {
  return (await server.users.create({ email, password: PASSWORD, name: email.split('@')[0] ?? '' })).id
}

/** An authorization request; `null` leaves a parameter out. */
export function authorizeUrl(clientId: string, more: Record<string, string | null> = {}): string {
  const given = {
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email',
    state: 'some state',
    nonce: 'n',
    code_challenge: sha256(VERIFIER),
    code_challenge_method: 'S256',
    ...more,
  }
  const present = Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
  return `${ISSUER}/oauth/authorize?${new URLSearchParams(present)}`
}

export function signIn(
  agent: Agent,
  page: Page,
  email = 'ada@example.com',
  password = PASSWORD,
): Promise<Page> {
  return agent.submit(page, { email, password })
}

/** Reads the sessions of a browser that are live, by its cookie as it is now: a later answer may take ids out of it. */
export function sessionsOf({ deps }: TestServer, agent: Agent): () => Promise<readonly Session[]> {
  const [, ids = ''] = [...agent.cookies].find(([name]) => name.startsWith('dw-session-')) ?? []
  const hashes = ids.split('.').map((id) => sha256(id))
  return async () =>
    (await deps.storage.sessions.findLive(hashes, deps.clock())).map(({ session }) => session)
}

/** Tokens for a code, by the real endpoint; the ID token's claims beside them. */
export async function redeem(agent: Agent, clientId: string, code: string) {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    client_id: clientId,
    code_verifier: VERIFIER,
  }
  const page = await agent.request('/oauth/token', { form })
  if (page.status !== 200) throw new Error(page.text)
  const tokens = JSON.parse(page.text) as Record<string, string>
  return { tokens, claims: parseJwt(tokens.id_token ?? '').claims }
}
