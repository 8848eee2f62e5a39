import { requestRevocation, type SignedIn } from '@doorward/client/upstream'
import type { Errand } from '../authorization/destination.ts'
import { enter } from '../authorization/enter.ts'
import { connectionsHref } from '../authorization/notice.ts'
import type { ConfiguredProvider } from '../config/providers.ts'
import type { Reply } from '../http/incoming.ts'
import { seeOther } from '../http/respond.ts'
import { browserSessions } from '../identity/sessions.ts'
import {
  admitUpstream,
  linkUpstream,
  type Origin,
  type UpstreamPerson,
} from '../identity/upstream-account.ts'
import { authorityOf } from '../policy/upstream-account.ts'
import { isFreshEnough, upstreamAuthentication } from '../policy/upstream-sign-in.ts'
import type { UpstreamDeps } from './deps.ts'
import { goBack, recordFailure, refusalPage, type Standing, upstreamRefusal } from './failure.ts'
import { CLOCK_TOLERANCE } from './providers.ts'
import { demandFor } from './start.ts'
import type { Trip } from './trip.ts'

/** A sign-in whose provider has said who it is. */
export type Arrived = {
  readonly trip: Trip
  readonly standing: Standing & { readonly errand: Errand }
}

/** Lets in, or links, somebody who proved to a provider who they are. Tokens of somebody who has no account here end there. */
export async function arrive(signedIn: SignedIn, arrived: Arrived, deps: UpstreamDeps): Promise<Reply> {
  const { purpose } = arrived.trip
  const person = personOf(signedIn, arrived, deps)
  return purpose.kind === 'link'
    ? link(signedIn, person, { ...arrived, purpose }, deps)
    : admit(signedIn, person, arrived, deps)
}

async function admit(
  signedIn: SignedIn,
  person: UpstreamPerson,
  { trip, standing }: Arrived,
  deps: UpstreamDeps,
): Promise<Reply> {
  const now = deps.clock()
  const demand = demandFor(trip.purpose, standing.errand)
  const { startedAt } = trip
  if (!isFreshEnough(signedIn.claims, demand, { startedAt, now, tolerance: CLOCK_TOLERANCE })) {
    recordFailure({ reason: 'reauthentication_unproven' }, standing, deps)
    return goBack('not_again', standing, deps)
  }
  const from = originOf(standing)
  const admission = await admitUpstream(person, from, deps)
  if (admission.kind === 'refused') {
    if (admission.cause !== 'user_disabled') await letGo(signedIn, standing)
    return upstreamRefusal(admission.cause, admission.userId, standing, deps)
  }
  await keep(admission.identityId, signedIn, standing, deps)
  const { proven } = admission
  const provider = person.provider.id
  deps.audit.record({ event: 'sign_in.succeeded', userId: proven.user.id, provider, ...from })
  const authentication = upstreamAuthentication(signedIn.claims, demand.acrValues, now)
  return enter(standing.inbound, { person: proven, authentication }, standing.errand, deps)
}

type Linking = Arrived & { readonly purpose: Extract<Trip['purpose'], { kind: 'link' }> }

/** The session that asked for it must still be this browser's: the callback alone says nothing about who is there. */
async function link(
  signedIn: SignedIn,
  person: UpstreamPerson,
  { purpose, standing }: Linking,
  deps: UpstreamDeps,
): Promise<Reply> {
  const { sid, userId } = purpose
  const sessions = await browserSessions(standing.inbound, deps)
  const here = sessions.some(({ session, user }) => session.sid === sid && user.id === userId)
  const linking = here
    ? await linkUpstream(person, { userId, sid }, originOf(standing), deps)
    : ({ kind: 'session_ended' } as const)
  const { id: provider } = person.provider
  if ('identityId' in linking) {
    await keep(linking.identityId, signedIn, standing, deps)
    return seeOther(connectionsHref({ kind: linking.kind, provider }, deps.browser))
  }
  if (linking.kind === 'taken') return refusalPage('identity_taken', standing, deps)
  if (linking.kind === 'subject_malformed') {
    return upstreamRefusal('subject_malformed', userId, standing, deps)
  }
  recordFailure({ reason: 'session_ended', userId }, standing, deps)
  return refusalPage('session_ended', standing, deps)
}

function personOf(
  { profile, issuer }: SignedIn,
  { standing }: Arrived,
  { config }: UpstreamDeps,
): UpstreamPerson {
  const { provider } = standing.asked
  const configured = config.providers.find(({ id }) => id === provider.id)
  return { provider: configuredAs(provider, configured), authority: authorityOf(provider, issuer), profile }
}

/** Without settings of its own nothing is linked by its word. */
function configuredAs(
  provider: Standing['asked']['provider'],
  configured: ConfiguredProvider | undefined,
): ConfiguredProvider {
  return configured ?? { ...provider, linkByEmail: false }
}

function originOf({ inbound, errand }: Standing): Origin {
  return { ip: inbound.ip, reference: inbound.reference, clientId: errand?.proven?.client.id ?? null }
}

async function keep(
  identityId: string,
  { tokens }: SignedIn,
  { asked }: Standing,
  { connections }: UpstreamDeps,
): Promise<void> {
  await connections.keep(identityId, asked.provider.id, tokens)
}

/**
 * Where the provider cannot be told, they end by themselves. Only of somebody who has no account here: a provider may end
 * with any token all that it gave a person, and so what is kept for an account that they do have.
 */
async function letGo({ tokens }: SignedIn, { asked }: Standing): Promise<void> {
  await requestRevocation(tokens.refreshToken ?? tokens.accessToken, asked).catch(() => undefined)
}
