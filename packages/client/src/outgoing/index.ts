export { isLoopbackAddress, isPublicAddress } from './addresses.ts'
export { type AsFetchOptions, asFetch } from './as-fetch.ts'
export {
  AnswerTooLargeError,
  createSafeFetch,
  type OutgoingRequest,
  type OutgoingResponse,
  type SafeFetch,
} from './fetch.ts'
export { hostPortOf, parseHostPort } from './host-port.ts'
export { type AllowedAddresses, RefusedAddressError } from './safe-lookup.ts'
