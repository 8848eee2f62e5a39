import type { SigningAlg } from '../token-work.ts'

/** What the harness tells the server process. */
export type ProviderSettings = {
  readonly alg: SigningAlg
  readonly accessTokenFormat: 'jwt' | 'opaque'
  readonly resource: string
  readonly scope: string
  readonly lifetimeSeconds: number
  readonly redirectUri: string
  /** Every client has all grants that the rows use. */
  readonly clients: readonly { readonly id: string; readonly secret: string }[]
}
