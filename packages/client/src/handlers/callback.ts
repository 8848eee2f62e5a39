import { ClientError } from '../errors.ts'
import { claimState, findArrival } from '../exchange/arrival.ts'
import {
  type AuthorizationAnswer,
  checkAuthorizationAnswer,
  parseAuthorizationAnswer,
} from '../exchange/authorization-answer.ts'
import { keepAnswer, openKeptAnswer } from '../exchange/kept-answer.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import { exchangeCode, type SignedIn } from '../exchange/sign-in.ts'
import { requestRevocation } from '../exchange/token-request.ts'
import { type Ending, endTransaction, type Transaction } from '../exchange/transaction.ts'
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
  const byForm = request.method === 'POST' && provider.quirks?.formPost !== true
  const found = findArrival({ answer, cookieHeader: request.header('cookie'), byForm }, asked, deps)
  if (found.kind !== 'live') return secondTime(request, found, asked, deps)
  // Of a double click the browser follows the second request and drops the first one's answer: both get the same.
  const key = JSON.stringify(answer)
  const underWay = deps.arriving.get(key)
  if (underWay !== undefined) return underWay
  const answered = { answer, transaction: found.transaction }
  const reply = arrive(request, answered, asked, deps).finally(() => deps.arriving.delete(key))
  deps.arriving.set(key, reply)
  return reply
}

/** The first time that an answer comes. Never rejects: from here on the state is used, and the cookie says how it ended. */
async function arrive(
  request: Incoming,
  answered: Answered,
  asked: ProviderDeps,
  deps: ClientDeps,
): Promise<Reply> {
  const { answer, transaction } = answered
  const { returnTo } = transaction
  const ended = (ending: Ending): string =>
    endTransaction(answer.state, transaction, deps.transactions, { ...cookieTerms(asked), ending })
  try {
    await claimState(answer.state, asked, (...key) => deps.replays.insertOnce(...key))
    const cookies = await finish(request, answered, asked, deps)
    return redirect(returnTo, [ended('used'), ...cookies])
  } catch (error) {
    // Where another request was first, its own answer says how it ended.
    const isFirst = !(error instanceof ClientError && error.code === 'state_used')
    return failureReply(error, request, deps, { cookies: isFirst ? [ended('failed')] : [], returnTo })
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

type Answered = { readonly answer: AuthorizationAnswer; readonly transaction: Transaction }

async function finish(
  request: Incoming,
  { answer, transaction }: Answered,
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
