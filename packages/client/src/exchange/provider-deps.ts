import { type AsFetchOptions, asFetch, type ProviderFetch } from '../outgoing/as-fetch.ts'
import type { Provider } from '../providers/provider.ts'
import { type ProviderKeys, rememberKeys } from './keys.ts'
import { beginLoading } from './libraries.ts'
import { type ProviderMetadata, rememberMetadata } from './metadata.ts'

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

/** How one provider may be asked, and where it sends people back to. */
export type Asking = Pick<ProviderDeps, 'redirectUri' | 'clock' | 'clockTolerance'> & AsFetchOptions

/** Makes what it takes to ask one provider; its metadata and keys are remembered for as long as this is. */
export function askProvider(
  provider: Provider,
  { redirectUri, clock, clockTolerance, ...bounds }: Asking,
): ProviderDeps {
  beginLoading()
  const fetch = asFetch(bounds)
  return {
    provider,
    fetch,
    metadata: rememberMetadata(provider, fetch, clock),
    keys: rememberKeys(fetch),
    redirectUri,
    clock,
    clockTolerance,
  }
}
