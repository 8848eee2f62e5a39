/** oidc-provider as a server: set up by its documentation, everything in memory, one account. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { announcePort, localSettings } from '../../local-settings.ts'
import type { ProviderSettings } from '../settings.ts'
import { createMapAdapter } from './map-adapter.ts'

const ACCOUNT = 'user'
const DAY = 24 * 60 * 60
const settings = localSettings<ProviderSettings>()
const { alg, accessTokenFormat, resource, scope, lifetimeSeconds } = settings

const privateJwk = (name: typeof alg) => {
  const pair =
    name === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : name === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...pair.privateKey.export({ format: 'jwk' }), alg: name, use: 'sig', kid: name }
}

/** Grants a first-party client what it asks without a question, as the documentation's recipe for skipping consent does. */
async function grantOnTheFly(ctx: KoaContextWithOIDC) {
  const { oidc } = ctx
  const clientId = oidc.client?.clientId ?? ''
  const known = oidc.session?.grantIdFor(clientId)
  if (known !== undefined) return provider.Grant.find(known)
  const grant = new provider.Grant({ clientId, accountId: oidc.session?.accountId ?? ACCOUNT })
  grant.addOIDCScope('openid offline_access')
  grant.addResourceScope(resource, scope)
  await grant.save()
  return grant
}

const configuration: Configuration = {
  adapter: createMapAdapter(),
  clients: settings.clients.map(({ id, secret }) => ({
    client_id: id,
    client_secret: secret,
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    redirect_uris: [settings.redirectUri],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  })),
  jwks: { keys: [privateJwk('ES256'), ...(alg === 'ES256' ? [] : [privateJwk(alg)])] },
  cookies: { keys: ['a secret of the benchmark alone'] },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  loadExistingGrant: grantOnTheFly,
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  // As a scope of offline_access would have it: no look at the session when refreshing.
  expiresWithSession: () => false,
  rotateRefreshToken: true,
  ttl: {
    AccessToken: lifetimeSeconds,
    AuthorizationCode: 60,
    ClientCredentials: lifetimeSeconds,
    Grant: 14 * DAY,
    IdToken: lifetimeSeconds,
    Interaction: 3600,
    RefreshToken: 30 * DAY,
    Session: 14 * DAY,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, audience) => ({
        scope,
        audience,
        accessTokenTTL: lifetimeSeconds,
        ...(accessTokenFormat === 'jwt'
          ? { accessTokenFormat, jwt: { sign: { alg } } }
          : { accessTokenFormat }),
      }),
    },
  },
}

/** The login page's place: signs the one account in without asking. */
async function finishInteraction(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await provider.interactionFinished(request, response, { login: { accountId: ACCOUNT } })
}

let serve: RequestListener = (_request, response) => response.writeHead(503).end()
const server = createServer((request, response) => serve(request, response))
// The issuer names the port, so the port comes first.
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
const provider = new Provider(`http://127.0.0.1:${port}`, configuration)
const callback = provider.callback()
serve = (request, response) =>
  void (request.url?.startsWith('/interaction/') === true
    ? finishInteraction(request, response)
    : callback(request, response))
announcePort(port)
