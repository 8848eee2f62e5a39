import {
  type AuthorizationAnswer,
  ClientError,
  checkAuthorizationAnswer,
  claimState,
  endTransaction,
  exchangeCode,
  findArrival,
  type ProviderDeps,
  parseAuthorizationAnswer,
  type SignedIn,
  type Transaction,
} from '@doorward/client/upstream'
import { OAuthError } from '@doorward/core'
import { destinationPath } from '../authorization/destination.ts'
import { withoutStep } from '../authorization/load.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { seeOther } from '../http/respond.ts'
import { browserSessions } from '../identity/sessions.ts'
import { upstreamLimit } from '../identity/throttle.ts'
import { arrive } from './arrived.ts'
import type { UpstreamDeps } from './deps.ts'
import { type Standing, upstreamFailure } from './failure.ts'
import { OUTAGES } from './outages.ts'
import { errandOf, readTrip, type Trip } from './trip.ts'

/** What a browser came back with. */
export type Returned = {
  readonly asked: ProviderDeps
  readonly inbound: Inbound
  readonly parameters: URLSearchParams
}

/**
 * Takes a browser back from a provider: whose sign-in it is, then code → tokens, then who it is, then the session or the
 * link. Nothing is used up before the authorization that it is for has been proven anew. Throws ClientError where the answer
 * belongs to no sign-in of this browser, OAuthError where the authorization is no good any more.
 */
export async function finishUpstream(returned: Returned, deps: UpstreamDeps): Promise<Reply> {
  const { asked, inbound, parameters } = returned
  const answer = parseAuthorizationAnswer(parameters, asked.provider.id)
  const cookieHeader = inbound.request.header('cookie')
  const found = findArrival({ answer, cookieHeader, byForm: false }, asked, deps.upstreams.keys)
  if (found.kind !== 'live') return secondTime(readTrip(found.returnTo), returned, deps)
  const { transaction } = found
  const trip = readTrip(transaction.returnTo)
  const errand = await errandOf(trip, deps)
  const standing = { asked, inbound, purpose: trip.purpose, errand }
  const reply = await complete({ answer, transaction, trip, standing }, deps)
  const used = endTransaction(answer.state, transaction, deps.upstreams.keys.transactions, {
    sameSite: 'Lax',
    ending: 'used',
  })
  return { ...reply, cookies: [...reply.cookies, used] }
}

type Completing = {
  readonly answer: AuthorizationAnswer
  readonly transaction: Transaction
  readonly trip: Trip
  readonly standing: Standing & { readonly errand: NonNullable<Standing['errand']> }
}

async function complete({ answer, transaction, trip, standing }: Completing, deps: UpstreamDeps) {
  const { asked, inbound } = standing
  try {
    const { replays } = deps.storage
    await claimState(answer.state, asked, (key, expiresAt) =>
      replays.insertOnce(deps.config.issuer, key, expiresAt),
    )
    const code = await checkAuthorizationAnswer(answer, asked)
    const signedIn = await exchange(code, { answer, transaction }, standing, deps)
    return await arrive(signedIn, { trip, standing }, deps)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    if (error.code === 'state_used') return secondTime(trip, { asked, inbound }, deps)
    return upstreamFailure(error, standing, deps)
  }
}

/**
 * Under a throttle: each try makes the server ask a provider, whatever the code was. A success takes its count back, and an
 * outage, so that nobody is kept waiting after its end.
 */
async function exchange(
  code: string,
  { answer, transaction }: Pick<Completing, 'answer' | 'transaction'>,
  { asked, inbound }: Standing,
  { config, storage, clock }: UpstreamDeps,
): Promise<SignedIn> {
  const limit = upstreamLimit(config, inbound.ip)
  const wait = await storage.limits.take([limit], clock())
  if (wait !== null) throw tooMany(wait)
  const release = () => storage.limits.settle({ clear: [], release: [limit.key] })
  try {
    const signedIn = await exchangeCode(code, transaction, answer, asked)
    await release()
    return signedIn
  } catch (error) {
    if (error instanceof ClientError && OUTAGES.has(error.code)) await release()
    throw error
  }
}

/** A second click, a reload, or the way back: whoever is signed in goes on, without anything counting as done anew. */
async function secondTime(
  trip: Trip,
  { asked, inbound }: Pick<Returned, 'asked' | 'inbound'>,
  deps: UpstreamDeps,
): Promise<Reply> {
  const sessions = await browserSessions(inbound, deps)
  const { browser } = deps
  if (sessions.length === 0) {
    const errand = await errandOf(trip, deps)
    const used = new ClientError('state_used', { provider: asked.provider.id })
    return upstreamFailure(used, { asked, inbound, purpose: trip.purpose, errand }, deps)
  }
  if (trip.purpose.kind === 'link') return seeOther(browser.href(destinationPath('connections')))
  if (trip.query === '') return seeOther(browser.href(destinationPath(trip.destination)))
  return seeOther(browser.href('/oauth/authorize', withoutStep(new URLSearchParams(trip.query))))
}

function tooMany(retryAfter: number): OAuthError {
  return new OAuthError('access_denied', 'Too many sign-ins with a provider failed from here.', {
    reason: 'sign_in_throttled',
    status: 429,
    retryAfter,
  })
}
