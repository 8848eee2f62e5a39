import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Quirks } from '@doorward/client'
import type { Fault } from './faults.ts'
import type { ProviderKey, SigningAlgorithm } from './id-tokens.ts'

export type StandInOptions = {
  readonly algorithm?: SigningAlgorithm
  /** The first key's id; null for a key set without ids. */
  readonly kid?: string | null
  /** Seconds until an access token expires. */
  readonly expiresIn?: number
  /** Claims of the one person who signs in here. */
  readonly user?: Readonly<Record<string, unknown>>
  /** Insists on these departures from the standards. */
  readonly quirks?: Quirks
  /** Whose its key set says its keys are, by the member `issuer` that Microsoft Entra ID has; made from its address. */
  readonly keyIssuer?: (address: string) => string
  /** What a client's secret has to be, in place of a fixed one. */
  readonly isSecret?: (secret: string) => Promise<boolean>
}

/** One request that came. */
export type Seen = { readonly method: string; readonly path: string; readonly parameters: URLSearchParams }

/** What a code or a refresh token stands for. */
export type Grant = {
  readonly redirectUri: string
  readonly challenge: string | null
  readonly nonce: string | null
  readonly scope: string
}

/** Everything a stand-in knows. */
export type State = {
  readonly options: Required<Omit<StandInOptions, 'isSecret' | 'keyIssuer'>> &
    Pick<StandInOptions, 'isSecret' | 'keyIssuer'>
  readonly clientId: string
  readonly clientSecret: string
  readonly codes: Map<string, Grant>
  readonly accessTokens: Set<string>
  /** Each refresh token with its successor, once it has one. */
  readonly refreshTokens: Map<string, { readonly grant: Grant; successor: string | null }>
  readonly issued: Set<string>
  readonly seen: Seen[]
  issuer: string
  fault: Fault | null
  dropEvery: number
  tokenRequests: number
  signIns: number
  key: ProviderKey
}

/** One request at one endpoint. */
export type Call = {
  readonly state: State
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Of the query, or of the form. */
  readonly parameters: URLSearchParams
}

export type Endpoint = (call: Call) => Promise<void>
