import { oidc } from '@doorward/client/providers'
import { expect } from 'vitest'
import type { OidcStandIn } from '../../../../../tests/support/providers/oidc.ts'
import type { Grant, Session } from '../../../src/storage/records.ts'
import { anIdentity } from '../../storage/contract/samples.ts'
import { tokensOf } from '../../upstream/stored.ts'
import { ISSUER, startServer, type TestServer } from './server.ts'
import { type Credentials, confidential, issueCode, redeem, signedIn, textsOf } from './token.ts'

export const SCOPE = 'connections:corp'
export const at = (id: string): string => `/api/v1/me/connections/${id}/token`
export const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

type OwnTokens = Parameters<typeof tokensOf>[0]

/** As the consent page remembers it. */
export const agree = ({ deps }: TestServer, userId: string, clientId: string): Promise<void> =>
  deps.storage.consents.remember(userId, clientId, [{ resource: ISSUER, scope: SCOPE }], deps.clock())

/** Links an account at the provider and keeps its tokens. */
export async function link(
  { deps }: TestServer,
  { userId, sid }: Session,
  { issuer }: OidcStandIn,
  own: OwnTokens = {},
) {
  const identity = anIdentity(userId, { provider: 'corp', authority: issuer })
  expect(await deps.storage.identities.insertInSession(identity, sid)).toBe('linked')
  const tokens = tokensOf({ expiresAt: deps.clock() + 3600, ...own })
  await deps.connections.keep(identity.id, 'corp', tokens)
  return { identity, tokens }
}

/** An access token of ours with the scope, as a client gets it. */
export async function accessToken(
  server: TestServer,
  client: Credentials,
  session: Session,
  grant: Partial<Grant> = {},
): Promise<string> {
  const code = await issueCode(server, client, session, { grant: { scopes: ['openid', SCOPE], ...grant } })
  return textsOf((await redeem(server, client, code)).body).accessToken
}

/** A server, a person who linked an account, and a client that they let use it. */
export async function connected(provider: OidcStandIn, own: OwnTokens = {}) {
  const { issuer, clientId, clientSecret } = provider
  const corp = oidc({ id: 'corp', name: 'Corp', issuer, clientId, clientSecret, scope: 'openid' })
  const server = await startServer({ providers: [{ ...corp, linkByEmail: true }] })
  const client = await confidential(server, { scope: `openid plain ${SCOPE}` })
  const session = await signedIn(server)
  await agree(server, session.userId, client.id)
  const linked = await link(server, session, provider, own)
  return { server, client, session, ...linked, text: await accessToken(server, client, session) }
}
