import { sha256 } from '@doorward/core/crypto'
import { ClientError, type ClientErrorCode } from '../errors.ts'
import {
  type AuthorizationAnswer,
  checkAuthorizationAnswer,
  parseAuthorizationAnswer,
} from '../exchange/authorization-answer.ts'
import { keepAnswer, openKeptAnswer } from '../exchange/kept-answer.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import { exchangeCode, type SignedIn } from '../exchange/sign-in.ts'
import { type Circumstances, readState, SIGN_IN_SECONDS } from '../exchange/state.ts'
import { requestRevocation } from '../exchange/token-request.ts'
import { type Ending, endTransaction, findTransaction, type Transaction } from '../exchange/transaction.ts'
import type { NewSession, User } from '../session/session.ts'
import type { ClientDeps } from './deps.ts'
import { failureReply } from './failure.ts'
import { type Incoming, queryOf, type Reply, redirect } from './incoming.ts'
import { cookieTerms } from './login.ts'

/**
 * Receives the browser back from the provider: state, then code → tokens, then who it is, then the session. Throws
 * ClientError while nothing is used up; answers later failures itself, for the cookie is used from then on.
 */
export async function callback(request: Incoming, asked: ProviderDeps, deps: ClientDeps): Promise<Reply> {
  const { provider } = asked
  const parameters = await parametersOf(request, asked, deps)
  const answer = parseAuthorizationAnswer(parameters, provider.id)
  const own = ownAddress(request, parameters, asked, deps)
  if (own !== null) return redirect(own, [])
  const circumstances = checkState(answer.state, asked, deps)
  const found = findTransaction(answer.state, request.header('cookie'), deps.transactions)
  if (found.kind === 'absent') throw lostCookie(request, circumstances, asked)
  if (found.kind !== 'live') return secondTime(request, found, asked, deps)
  const { transaction } = found
  if (transaction.provider !== provider.id)
    throw new ClientError('state_other_provider', { provider: provider.id })
  // Of a double click the browser follows the second request and drops the first one's answer: both get the same.
  const key = JSON.stringify(answer)
  const underWay = deps.arriving.get(key)
  if (underWay !== undefined) return underWay
  const reply = arrive(request, { answer, transaction }, asked, deps).finally(() => deps.arriving.delete(key))
  deps.arriving.set(key, reply)
  return reply
}

/** The first time that an answer comes. Never rejects: from here on the state is used, and the cookie says how it ended. */
async function arrive(
  request: Incoming,
  arrival: Arrival,
  asked: ProviderDeps,
  deps: ClientDeps,
): Promise<Reply> {
  const { answer, transaction } = arrival
  const { returnTo } = transaction
  const ended = (ending: Ending): string =>
    endTransaction(answer.state, transaction, deps.transactions, { ...cookieTerms(asked), ending })
  try {
    const isFirst = await useState(answer.state, deps)
    // How that one ended, its own answer says.
    if (!isFirst) {
      const error = new ClientError('state_used', { provider: asked.provider.id })
      return await failureReply(error, request, deps, { returnTo })
    }
    const cookies = await finish(request, arrival, asked, deps)
    return redirect(returnTo, [ended('used'), ...cookies])
  } catch (error) {
    return failureReply(error, request, deps, { cookies: [ended('failed')], returnTo })
  }
}

/** The query parameter of an answer that came as a form. */
const KEPT = 'kept'

async function parametersOf(
  request: Incoming,
  { provider: { id, quirks } }: ProviderDeps,
  { transactions, settings }: ClientDeps,
): Promise<URLSearchParams> {
  if (request.method === 'POST') return request.form()
  if (request.method !== 'GET') throw new ClientError('method_not_allowed')
  const query = queryOf(request.target)
  const sealed = query.get(KEPT)
  if (sealed === null || quirks?.formPost !== true) return query
  const kept = openKeptAnswer(sealed, { ...transactions, provider: id, now: settings.clock() })
  if (kept === null) throw new ClientError('state_expired', { provider: id })
  return kept
}

/**
 * Where a form of the provider's own site is answered to: it brought no SameSite=Lax cookie, so that the session before would
 * not be seen, and not end. A GET of our own brings it. null: there is no need for one.
 */
function ownAddress(
  { method }: Incoming,
  form: URLSearchParams,
  { provider: { id, quirks } }: ProviderDeps,
  { transactions, settings, paths }: ClientDeps,
): string | null {
  if (method !== 'POST' || quirks?.formPost !== true) return null
  const kept = keepAnswer(form, { ...transactions, provider: id, now: settings.clock() })
  return kept === null ? null : `${paths.callback(id)}?${new URLSearchParams({ [KEPT]: kept })}`
}

function checkState(
  state: string,
  { provider }: ProviderDeps,
  { stateKeys, settings }: ClientDeps,
): Circumstances {
  const reading = readState(state, stateKeys, settings.clock())
  if (reading.kind === 'live') return reading.circumstances
  const code = reading.kind === 'unknown' ? 'state_unknown' : 'state_expired'
  throw new ClientError(code, { provider: provider.id })
}

const LOST = {
  fine: 'state_cookie_lost',
  other_host: 'state_cookie_host',
  plain_http: 'state_cookie_http',
} as const satisfies Readonly<Record<Circumstances, ClientErrorCode>>

function lostCookie(
  { method }: Incoming,
  circumstances: Circumstances,
  { provider }: ProviderDeps,
): ClientError {
  const byForm = method === 'POST' && provider.quirks?.formPost !== true
  return new ClientError(byForm ? 'state_cookie_same_site' : LOST[circumstances], { provider: provider.id })
}

/** A second click, a reload, or the way back: whoever was signed in by the first goes on. */
async function secondTime(
  request: Incoming,
  { kind, returnTo }: { readonly kind: Ending; readonly returnTo: string },
  { provider }: ProviderDeps,
  deps: ClientDeps,
): Promise<Reply> {
  const { keeper, settings } = deps
  // One from before has nothing to do with what failed.
  const session = kind === 'used' ? await keeper.find(request.header('cookie'), settings.clock()) : null
  if (session !== null) return redirect(returnTo, [])
  const code = kind === 'used' ? 'state_used' : 'state_failed'
  return failureReply(new ClientError(code, { provider: provider.id }), request, deps, { returnTo })
}

/** True for the first. The browser may keep the cookie (another's hand on a copied jar), so the store decides. */
function useState(state: string, { replays, settings }: ClientDeps): Promise<boolean> {
  const now = settings.clock()
  return replays.insertOnce(`state:${sha256(state)}`, now + 2 * SIGN_IN_SECONDS, now)
}

type Arrival = { readonly answer: AuthorizationAnswer; readonly transaction: Transaction }

async function finish(
  request: Incoming,
  { answer, transaction }: Arrival,
  asked: ProviderDeps,
  { keeper, settings }: ClientDeps,
): Promise<readonly string[]> {
  const code = await checkAuthorizationAnswer(answer, asked)
  const signedIn = await exchangeCode(code, transaction, answer, asked)
  const fresh = await admit(signedIn, asked, settings)
  return keeper.open(fresh, request.header('cookie'), settings.clock())
}

/** Asks the app whether the person may in, and as whom. Throws sign_in_refused. */
async function admit(
  { profile, claims, tokens, upstreamSid }: SignedIn,
  asked: ProviderDeps,
  { onSignIn }: ClientDeps['settings'],
): Promise<NewSession> {
  const provider = asked.provider.id
  const user: User = { ...profile, provider, claims }
  const verdict = (await onSignIn({ user, tokens })) ?? null
  if (verdict === null || 'userId' in verdict) {
    return { user, userId: verdict?.userId ?? null, upstreamSid, tokens }
  }
  // Nobody will use them. Where the provider cannot be told, they end by themselves.
  await requestRevocation(tokens.refreshToken ?? tokens.accessToken, asked).catch(() => undefined)
  throw new ClientError('sign_in_refused', { provider, detail: verdict.refuse })
}
