/** What an authorization server needs to be a client itself: sign-in with a provider, without sessions or pages. */
export { CAUSES, ClientError, type ClientErrorCode } from '../errors.ts'
export {
  type Arrival,
  checkState,
  claimState,
  findArrival,
  type InsertOnce,
} from '../exchange/arrival.ts'
export {
  type AuthorizationAnswer,
  checkAuthorizationAnswer,
  parseAuthorizationAnswer,
} from '../exchange/authorization-answer.ts'
export type { Wishes } from '../exchange/authorization-request.ts'
export { type Departure, depart, type SignInKeys } from '../exchange/departure.ts'
export { keepAnswer, openKeptAnswer } from '../exchange/kept-answer.ts'
export type { ProviderMetadata } from '../exchange/metadata.ts'
export { askProvider, type ProviderDeps } from '../exchange/provider-deps.ts'
export { exchangeCode, type SignedIn } from '../exchange/sign-in.ts'
export { SIGN_IN_SECONDS } from '../exchange/state.ts'
export { requestRevocation } from '../exchange/token-request.ts'
export type { TokenSet } from '../exchange/token-set.ts'
export { endTransaction, type Transaction } from '../exchange/transaction.ts'
export type { Claims, Profile, Provider } from '../providers/provider.ts'
