import { SIGN_IN_SECONDS } from '@doorward/client/upstream'
import type { Destination, Errand } from '../authorization/destination.ts'
import { carriesAuthorization, proveAuthorization, withStep } from '../authorization/load.ts'
import type { Deps } from '../deps.ts'
import type { Browser } from '../http/browser.ts'
import type { Inbound } from '../http/inbound.ts'
import { KEPT_PARAMETER, keepRequest } from '../http/kept-request.ts'
import { STEP_LIFETIME } from '../identity/step-token.ts'
import { throttledNetwork } from '../identity/throttle.ts'

/** What a sign-in with a provider is for. `link`: the provider's account is to sign in the user of that session. */
export type Purpose =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'link'; readonly sid: string; readonly userId: string }

/** What a browser takes along to a provider, sealed, and goes on by when it comes back. */
export type Trip = {
  readonly purpose: Purpose
  /** The parameters that carry the authorization on; '' where no app asked. */
  readonly query: string
  readonly destination: Destination
  /** Seconds since 1970. */
  readonly startedAt: number
}

type TripDeps = Pick<Deps, 'config' | 'storage' | 'clock'> & { readonly browser: Browser }

/** Five tabs of it have to fit into what a proxy takes of a Cookie header. */
const MAX_IN_COOKIE = 768

/** As long as a sign-in may take, and then a consent page. */
const KEPT_FOR = SIGN_IN_SECONDS + STEP_LIFETIME

/**
 * Packs what is needed afterwards. A request that is too long for a cookie is kept, whether it came as a kept one or
 * not: what is left of that one's time need not be enough. Throws temporarily_unavailable where too many are kept.
 */
export async function packTrip(
  purpose: Purpose,
  { proven, destination }: Errand,
  inbound: Inbound,
  deps: TripDeps,
): Promise<Trip> {
  const packed = { purpose, destination, startedAt: deps.clock() }
  if (proven === null) return { ...packed, query: '' }
  const query = withStep(proven.search, proven)
  if (query.toString().length <= MAX_IN_COOKIE) return { ...packed, query: query.toString() }
  const keeping = { network: throttledNetwork(inbound.ip), seconds: KEPT_FOR }
  const id = await keepRequest('authorize', proven.search, keeping, deps)
  return { ...packed, query: withStep(new URLSearchParams({ [KEPT_PARAMETER]: id }), proven).toString() }
}

/** A trip as the text that the transaction cookie seals. */
export function writeTrip(trip: Trip): string {
  return JSON.stringify(trip)
}

/** Sealed by us, so it has the shape that we gave it. */
export function readTrip(text: string): Trip {
  return JSON.parse(text)
}

/** What a trip was for, proven anew. Throws OAuthError where its authorization is no good any more. */
export async function errandOf({ query, destination }: Trip, deps: TripDeps): Promise<Errand> {
  const parameters = new URLSearchParams(query)
  const proven = carriesAuthorization(parameters)
    ? await proveAuthorization(parameters, deps, deps.browser)
    : null
  return { proven, destination }
}
