export { parseJwks } from './parse.ts'
export {
  decideFetch,
  type FetchDecision,
  failed,
  type RemoteJwks,
  received,
  remoteJwks,
  retryAfter,
  started,
} from './remote.ts'
export { selectKeys } from './select.ts'
