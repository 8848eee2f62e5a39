import { randomToken } from '@doorward/core/crypto'
import type { TokenSet } from '../../../client/src/exchange/token-set.ts'
import type { Storage } from '../../src/storage/ports.ts'
import type { Identity } from '../../src/storage/records.ts'
import type { Connections } from '../../src/upstream/connections.ts'
import { anIdentity, aUser } from '../storage/contract/samples.ts'

/** Tokens as a provider gives them, none like another. */
export const tokensOf = (own: Partial<TokenSet> = {}): TokenSet => ({
  accessToken: `access-${randomToken()}`,
  refreshToken: `refresh-${randomToken()}`,
  idToken: null,
  scope: 'openid email',
  expiresAt: null,
  tokenType: 'bearer',
  ...own,
})

/** An identity of a new user, stored. */
export async function storedIdentity(
  storage: Storage,
  own: Partial<Pick<Identity, 'authority' | 'provider'>> = {},
): Promise<Identity> {
  const user = aUser()
  const identity = anIdentity(user.id, own)
  if (!(await storage.identities.insertWithUser(identity, user))) throw new Error('the identity is taken')
  return identity
}

/** Signs somebody in at the stand-in, without a browser: what its token endpoint answers to a code. */
export async function tokensFrom(
  issuer: string,
  redirectUri: string,
  client: readonly [id: string, secret: string],
) {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client[0],
    redirect_uri: redirectUri,
    scope: 'openid email',
  })
  const sent = await fetch(`${issuer}/authorize?${query}`, { redirect: 'manual' })
  const code = new URL(sent.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(client.map(encodeURIComponent).join(':'))}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  })
  const body = (await answer.json()) as Record<string, string | number>
  return tokensOf({
    accessToken: String(body.access_token),
    refreshToken: String(body.refresh_token),
    idToken: String(body.id_token),
    scope: String(body.scope),
    expiresAt: Math.floor(Date.now() / 1000) + Number(body.expires_in),
  })
}

/** How a call ended: the token, or the code of the ClientError. */
export const outcome = (connections: Connections, id: string, provider = 'corp'): Promise<string> =>
  connections.accessToken(id, provider).then(
    ({ accessToken }) => accessToken,
    (error: { code?: string }) => error.code ?? String(error),
  )
