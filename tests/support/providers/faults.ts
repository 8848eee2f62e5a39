import { type Broken, brokenAnswers } from './broken-answers.ts'
import { type IdTokenFault, idTokenFaults } from './id-tokens.ts'

/** Where an answer can be broken on its way. */
export const places = ['discovery', 'jwks', 'token', 'userinfo', 'refresh'] as const
export type Place = (typeof places)[number]

/** What an authorization response (RFC 6749 §4.1.2, RFC 9207) can have wrong. */
const responseFaults = {
  'iss-wrong': 'the authorization response names another issuer',
  'iss-missing': 'the authorization response has no iss, though discovery announces it',
  'state-wrong': 'the authorization response has another state',
  'state-missing': 'the authorization response has no state',
  'code-missing': 'the authorization response has neither code nor error',
  'access-denied': 'the person said no: error=access_denied, with a description that is markup',
  'authorization-error': 'error=server_error comes back to the redirect URI',
} as const

/** What a token answer (RFC 6749 §5) can have wrong. */
const tokenFaults = {
  'invalid-client': 'the token endpoint refuses the client: 401 invalid_client',
  'invalid-grant': 'the token endpoint refuses the code: 400 invalid_grant',
  'redirect-uri-mismatch': 'the token endpoint refuses the redirect URI: 400 redirect_uri_mismatch',
  'no-access-token': 'the token answer has no access token',
  'no-token-type': 'the token answer has no token type',
  'other-token-type': 'the token answer has a token type that nobody knows',
  'no-id-token': 'the token answer has no ID token',
} as const

/** What is false without being broken. */
const contentFaults = {
  'discovery-other-issuer': 'the discovery document names another issuer',
  'discovery-no-token-endpoint': 'the discovery document has no token endpoint',
  'jwks-empty': 'the key set has no key',
  'userinfo-other-subject': 'userinfo speaks of another subject than the ID token',
  'userinfo-no-subject': 'userinfo has no subject',
  'refresh-refused': 'the refresh token is refused: 400 invalid_grant',
} as const

type BrokenFault = `${Place}-${Broken}`
export type Fault =
  | BrokenFault
  | IdTokenFault
  | keyof typeof responseFaults
  | keyof typeof tokenFaults
  | keyof typeof contentFaults

/** Each fault by name, and what it does. */
export const faults: ReadonlyMap<string, string> = new Map([
  ...Object.entries(responseFaults),
  ...Object.entries(tokenFaults),
  ...Object.entries(contentFaults),
  ...Object.entries(idTokenFaults).map(([name, { says }]): [string, string] => [name, says]),
  ...places.flatMap((place) =>
    Object.entries(brokenAnswers).map(([kind, { says }]): [string, string] => [
      `${place}-${kind}`,
      `${place}: ${says}`,
    ]),
  ),
])

/** True for the name of a fault. */
export const isFault = (name: string): name is Fault => faults.has(name)
