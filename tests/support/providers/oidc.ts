import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { JWTPayload } from 'jose'
import type { Fault } from './faults.ts'
import { listen, parametersOf, sendJson } from './http.ts'
import { createKey, signIdToken } from './id-tokens.ts'
import { endpoints } from './oidc-endpoints.ts'
import type { Seen, StandInOptions, State } from './state.ts'

export type OidcStandIn = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Every code and token given out so far. */
  readonly issued: ReadonlySet<string>
  readonly seen: readonly Seen[]
  /** From now on does this wrong, until told `null`. */
  misbehave(fault: Fault | null): void
  /** Drops every n-th answer of the token endpoint, after its work is done; 0 ends that. */
  dropEvery(n: number): void
  /** Another key signs from now on, and is the only one published. */
  rotateKey(kid: string | null): Promise<void>
  /** Signs anything with the current key, such as a logout token. */
  sign(claims: JWTPayload): Promise<string>
  stop(): Promise<void>
}

const someone = {
  sub: '248289761001',
  name: 'Jane Doe',
  email: 'janedoe@example.com',
  email_verified: true,
  picture: 'https://example.com/janedoe/me.jpg',
}

const createState = async (given: StandInOptions): Promise<State> => {
  const defaults = { algorithm: 'RS256' as const, kid: 'key-1', expiresIn: 3600, user: someone, quirks: {} }
  const options = { ...defaults, ...given }
  return {
    options,
    clientId: 'client-1',
    // With what Basic credentials and forms write differently (RFC 6749 §2.3.1).
    clientSecret: `${randomBytes(24).toString('base64url')}-_.~+/%3A`,
    codes: new Map(),
    accessTokens: new Set(),
    refreshTokens: new Map(),
    issued: new Set(),
    seen: [],
    issuer: '',
    fault: null,
    dropEvery: 0,
    tokenRequests: 0,
    signIns: 0,
    key: await createKey(options.algorithm, options.kid),
  }
}

const answering =
  (state: State): RequestListener =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', state.issuer)
    const parameters = request.method === 'POST' ? await parametersOf(request) : url.searchParams
    state.seen.push({ method: request.method ?? '', path: url.pathname, parameters })
    // Where a redirecting endpoint points to, all is well: whoever follows gets what they should not have asked for.
    const endpoint = endpoints[url.pathname.replace(/^(?:\/elsewhere|\/common\/v2\.0)/, '')]
    if (endpoint === undefined) return sendJson(response, 404, { error: 'not_found' })
    await endpoint({ state, request, response, parameters })
  }

/** Starts an OpenID Connect provider that knows one client and one person, and lets that person in at once. */
export const startOidcProvider = async (options: StandInOptions = {}): Promise<OidcStandIn> => {
  const state = await createState(options)
  const server = await listen(answering(state))
  state.issuer = server.origin
  return {
    issuer: server.origin,
    clientId: state.clientId,
    clientSecret: state.clientSecret,
    issued: state.issued,
    seen: state.seen,
    misbehave: (fault) => {
      state.fault = fault
    },
    dropEvery: (n) => {
      state.dropEvery = n
    },
    rotateKey: async (kid) => {
      state.key = await createKey(state.key.alg, kid)
    },
    sign: (claims) => signIdToken({ claims, key: state.key, clientSecret: state.clientSecret }),
    stop: server.close,
  }
}
