import { introspection } from '../contenders/code-flow/introspection.ts'
import { startDoorwardCodeServer } from '../contenders/doorward/code-server.ts'
import { DOORWARD } from '../contenders/doorward/set-up.ts'
import { floorIntrospection } from '../contenders/floor/introspection.ts'
import { OIDC_PROVIDER, startProviderCodeServer } from '../contenders/oidc-provider/index.ts'
import type { Row } from '../row.ts'

/** Looking into tokens. */
export const INTROSPECTION_ROWS: readonly Row[] = [
  {
    id: 'introspection',
    group: 'introspection',
    title: 'Introspection of one live access token, repeated',
    contenders: [
      introspection(DOORWARD, startDoorwardCodeServer),
      introspection(OIDC_PROVIDER, startProviderCodeServer('opaque')),
      floorIntrospection,
    ],
    targets: [{ against: 'oidc-provider', atLeast: 2 }],
  },
]
