import { doorwardClientCredentials } from '../contenders/doorward/client-credentials.ts'
import { floorClientCredentials } from '../contenders/floor/index.ts'
import type { Row } from '../row.ts'

/** Tokens from the token endpoint. */
export const TOKEN_ROWS: readonly Row[] = [
  {
    id: 'client-credentials-es256',
    group: 'token',
    title: 'client_credentials, ES256 JWT',
    contenders: [doorwardClientCredentials('ES256'), floorClientCredentials('ES256')],
    targets: [{ against: 'floor', atLeast: 0.8 }],
  },
]
