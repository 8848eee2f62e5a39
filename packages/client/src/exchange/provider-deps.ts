import type { ProviderFetch } from '../outgoing/as-fetch.ts'
import type { Provider } from '../providers/provider.ts'
import type { ProviderKeys } from './keys.ts'
import type { ProviderMetadata } from './metadata.ts'

/** What it takes to ask one provider. */
export type ProviderDeps = {
  readonly provider: Provider
  readonly fetch: ProviderFetch
  /** Its endpoints, found by discovery where it has that, and remembered. */
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keys: ProviderKeys
  /** Where it sends the browser back to. */
  readonly redirectUri: string
  /** The time in seconds since 1970. */
  readonly clock: () => number
  /** How far its clock and ours may differ, in seconds. */
  readonly clockTolerance: number
}
