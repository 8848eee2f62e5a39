import { clientAuthentication } from './client-authentication/authenticate.ts'
import type { Deps } from './deps.ts'
import { createAccountEndpoint } from './endpoints/account.ts'
import { createAssetsEndpoint } from './endpoints/assets.ts'
import { createAuthorizeEndpoint } from './endpoints/authorization.ts'
import { createAuthorizationChallengeEndpoint } from './endpoints/authorization-challenge.ts'
import { createChooseEndpoint } from './endpoints/choose.ts'
import { createConnectionTokenEndpoint } from './endpoints/connection-token.ts'
import { createConnectionsEndpoint } from './endpoints/connections.ts'
import { createConsentEndpoint } from './endpoints/consent.ts'
import { createDiscoveryEndpoint } from './endpoints/discovery.ts'
import { createHealthEndpoint, createReadinessEndpoint } from './endpoints/health.ts'
import { createIntrospectionEndpoint } from './endpoints/introspection.ts'
import { createJwksEndpoint } from './endpoints/jwks.ts'
import { createLoginEndpoint } from './endpoints/login.ts'
import { createLogoutEndpoint } from './endpoints/logout.ts'
import { createRevocationEndpoint } from './endpoints/revocation.ts'
import { createTokenEndpoint } from './endpoints/token.ts'
import { createUpstreamCallbackEndpoint } from './endpoints/upstream-callback.ts'
import { createUpstreamLoginEndpoint } from './endpoints/upstream-login.ts'
import { createUserinfoEndpoint } from './endpoints/userinfo.ts'
import type { Handlers } from './http/routes.ts'
import type { LiveKeyring } from './keys/keyring.ts'
import { ownAccessTokens } from './tokens/verify.ts'

/** The endpoint behind each route. */
export function createHandlers(deps: Deps & { readonly keyring: LiveKeyring }): Handlers {
  const authenticate = clientAuthentication(deps)
  const accessTokens = ownAccessTokens(deps)
  const discovery = createDiscoveryEndpoint(deps)
  const jwks = createJwksEndpoint(deps)
  return {
    openidConfiguration: discovery,
    authorizationServer: discovery,
    async jwks(inbound) {
      // A set without the first RSA key, fetched while it is made, would stay in caches.
      await deps.keyring.settled()
      return jwks(inbound)
    },
    authorize: createAuthorizeEndpoint(deps),
    authorizeChallenge: createAuthorizationChallengeEndpoint(deps, authenticate),
    token: createTokenEndpoint(deps, authenticate),
    introspect: createIntrospectionEndpoint({ ...deps, authenticate, accessTokens }),
    revoke: createRevocationEndpoint({ ...deps, authenticate, accessTokens }),
    userinfo: createUserinfoEndpoint({ ...deps, accessTokens }),
    connectionToken: createConnectionTokenEndpoint({ ...deps, accessTokens }),
    logout: createLogoutEndpoint(deps),
    login: createLoginEndpoint(deps),
    choose: createChooseEndpoint(deps),
    upstreamLogin: createUpstreamLoginEndpoint(deps),
    upstreamCallback: createUpstreamCallbackEndpoint(deps),
    consent: createConsentEndpoint(deps),
    account: createAccountEndpoint(deps),
    connections: createConnectionsEndpoint(deps),
    assets: createAssetsEndpoint(deps),
    healthz: createHealthEndpoint(),
    readyz: createReadinessEndpoint(deps),
  }
}
