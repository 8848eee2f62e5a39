import {
  betterAuthCachedClientCredentials,
  betterAuthClientCredentials,
} from '../contenders/better-auth/client-credentials.ts'
import { redemption } from '../contenders/code-flow/redemption.ts'
import { refresh } from '../contenders/code-flow/refresh.ts'
import { doorwardClientCredentials } from '../contenders/doorward/client-credentials.ts'
import { startDoorwardCodeServer } from '../contenders/doorward/code-server.ts'
import { DOORWARD } from '../contenders/doorward/set-up.ts'
import { floorClientCredentials } from '../contenders/floor/client-credentials.ts'
import {
  OIDC_PROVIDER,
  providerClientCredentials,
  startProviderCodeServer,
} from '../contenders/oidc-provider/index.ts'
import type { SigningAlg } from '../contenders/token-work.ts'
import type { Contender, Row } from '../row.ts'

const clientCredentials = (
  alg: SigningAlg,
  targets: Row['targets'],
  peers: readonly Contender[] = [],
): Row => ({
  id: `client-credentials-${alg.toLowerCase()}`,
  group: 'token',
  title: `Client credentials: ${alg} JWT`,
  contenders: [
    doorwardClientCredentials(alg),
    providerClientCredentials(alg),
    ...peers,
    floorClientCredentials(alg),
  ],
  targets,
})

const rotation = (id: string, title: string, kind: Parameters<typeof refresh>[2]): Row => ({
  id,
  group: 'token',
  title,
  contenders: [
    refresh(DOORWARD, startDoorwardCodeServer, kind),
    refresh(OIDC_PROVIDER, startProviderCodeServer('jwt'), kind),
  ],
  targets: [{ against: 'oidc-provider', atLeast: 2 }],
})

/** Tokens from the token endpoint. */
export const TOKEN_ROWS: readonly Row[] = [
  clientCredentials(
    'ES256',
    [
      { against: 'oidc-provider', atLeast: 2.5 },
      { against: 'floor', atLeast: 0.8 },
      { against: 'better-auth', atLeast: 20 },
    ],
    [betterAuthClientCredentials, betterAuthCachedClientCredentials],
  ),
  clientCredentials('EdDSA', [{ against: 'floor', atLeast: 0.85 }]),
  clientCredentials('RS256', [{ against: 'floor', atLeast: 0.85 }]),
  rotation('refresh', 'Refresh rotation: access token', 'access-only'),
  rotation('refresh-with-id-token', 'Refresh rotation: access and ID token', 'with-id-token'),
  {
    id: 'authorization-code',
    group: 'token',
    title: 'Authorization code: access, refresh and ID token',
    contenders: [
      redemption(DOORWARD, startDoorwardCodeServer),
      redemption(OIDC_PROVIDER, startProviderCodeServer('jwt')),
    ],
    targets: [{ against: 'oidc-provider', atLeast: 2 }],
  },
]
