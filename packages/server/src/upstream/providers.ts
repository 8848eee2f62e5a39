import { askProvider, type ProviderDeps, type SignInKeys } from '@doorward/client/upstream'
import { cookieJar, isLoopbackHost, OAuthError } from '@doorward/core'
import type { Deps } from '../deps.ts'

/** The providers that people can sign in with, and what their sign-ins begin and end with. */
export type Upstreams = {
  /** By id. */
  readonly providers: ReadonlyMap<string, ProviderDeps>
  readonly keys: SignInKeys
}

/** How far a provider's clock and ours may differ, in seconds. */
export const CLOCK_TOLERANCE = 30

/** Makes them from the settings, once: what is learned of a provider is remembered for as long as the server runs. */
export function createUpstreams({
  config,
  secrets,
  clock,
}: Pick<Deps, 'config' | 'secrets' | 'clock'>): Upstreams {
  const { issuer, allowPrivateHosts, providers } = config
  const asking = {
    clock,
    clockTolerance: CLOCK_TOLERANCE,
    loopback: isLoopbackHost(new URL(issuer).hostname),
    allowPrivateHosts,
  }
  return {
    providers: new Map(
      providers.map((provider) => {
        const redirectUri = `${issuer}/login/${provider.id}/callback`
        return [provider.id, askProvider(provider, { ...asking, redirectUri })]
      }),
    ),
    keys: {
      stateKeys: [secrets.derive('upstream-state')],
      transactions: { jar: cookieJar(issuer), keys: [secrets.derive('upstream-transaction')] },
    },
  }
}

/** The provider of an address below `/login/`. Throws OAuthError, 404, where there is none of this id. */
export function providerAt(path: string, { providers }: Upstreams): ProviderDeps {
  const asked = providers.get(path.split('/')[2] ?? '')
  if (asked !== undefined) return asked
  throw new OAuthError('invalid_request', 'There is no sign-in with such a provider here.', {
    reason: 'provider_unknown',
    status: 404,
  })
}
