import { flaskProtected } from '../contenders/flask/index.ts'
import { type GuardSetup, guardContender } from '../contenders/guard/index.ts'
import type { Contender, Row } from '../row.ts'

type Framework = 'Express' | 'Fastify' | 'Hono'

/** Ours, with the options that its README shows: it remembers the last 1,000 tokens. */
const doorward = (framework: Framework, tokens: number): Contender =>
  guardContender({
    name: 'Doorward',
    kind: 'doorward',
    note: `@doorward/guard/${framework.toLowerCase()} with its defaults: keys by discovery, a memory of 1,000 tokens.`,
    server: `doorward-${framework.toLowerCase()}`,
    tokens,
    path: '/protected',
  })

type Peer = Pick<GuardSetup, 'name' | 'note' | 'server' | 'settings' | 'package'>

const peer = (setup: Peer, tokens: number): Contender =>
  guardContender({ ...setup, kind: 'peer', tokens, path: '/protected' })

const BEARER: Peer = {
  name: 'express-oauth2-jwt-bearer',
  note: '`auth` with issuerBaseURL, audience, tokenSigningAlg and strict (RFC 9068), then requiredScopes. It remembers no tokens.',
  server: 'express-oauth2-jwt-bearer',
}

const FASTIFY_JWT: Peer = {
  name: '@fastify/jwt',
  note: 'The issuer’s public key, allowedIss, allowedAud, algorithms, checkTyp; the app checks the scope. No cache, its default.',
  server: 'fastify-jwt',
}

const FASTIFY_JWT_CACHE: Peer = {
  ...FASTIFY_JWT,
  name: '@fastify/jwt, cache',
  package: '@fastify/jwt',
  note: 'The same with `cache: 1000`.',
  settings: { cache: 1_000 },
}

const HONO_JWK: Peer = {
  name: 'hono jwk',
  package: 'hono',
  note: '`jwk` with jwks_uri, as its documentation shows first; it fetches the keys for each request. The app checks the scope.',
  server: 'hono-jwk',
}

const HONO_KEYS: Peer = {
  ...HONO_JWK,
  name: 'hono jwk, keys given',
  note: 'The same with `keys`: no fetch, and no way to learn of a new key.',
  settings: { keys: 'keys' },
}

const floor = (tokens: number): Contender =>
  guardContender({
    name: 'floor',
    kind: 'floor',
    note: 'Bare node:http: one signature, the claims, four comparisons, a JSON answer. Keys given, no memory.',
    server: 'floor',
    tokens,
    path: '/protected',
  })

const openRoute = (framework: Framework, tokens: number): Contender =>
  guardContender({
    name: 'open route',
    kind: 'baseline',
    note: 'The same app, requests and answer, at a route without a guard.',
    server: `doorward-${framework.toLowerCase()}`,
    tokens,
    path: '/open',
  })

/** Far more tokens than any guard here remembers. */
const MANY = 5_000
/** Fewer than Doorward’s guard remembers by default. */
const FEW = 500

const different = (framework: Framework, peers: readonly Peer[], targets: Row['targets']): Row => ({
  id: `guard-different-${framework.toLowerCase()}`,
  group: 'guard',
  title: `Guard on ${framework}, ES256, 5,000 different tokens in turn`,
  contenders: [doorward(framework, MANY), ...peers.map((each) => peer(each, MANY)), floor(MANY)],
  targets,
})

const repeated = (framework: Framework, peers: readonly Peer[], targets: Row['targets']): Row => ({
  id: `guard-repeated-${framework.toLowerCase()}`,
  group: 'guard',
  title: `Guard on ${framework}, ES256, 500 tokens that repeat`,
  contenders: [doorward(framework, FEW), ...peers.map((each) => peer(each, FEW)), openRoute(framework, FEW)],
  targets,
})

const tutorial = (framework: Framework, targets: Row['targets']): Row => ({
  id: `tutorial-protected-${framework.toLowerCase()}`,
  group: 'guard',
  title: `The first tutorial's GET /protected, Doorward's guard on ${framework}, 500 tokens that repeat`,
  contenders: [doorward(framework, FEW), flaskProtected],
  targets,
})

/** Routes of an API behind a guard. */
export const GUARD_ROWS: readonly Row[] = [
  different('Express', [BEARER], [{ against: BEARER.name, atLeast: 1.7 }]),
  different('Fastify', [FASTIFY_JWT, FASTIFY_JWT_CACHE], [{ against: FASTIFY_JWT.name, atLeast: 1.4 }]),
  different('Hono', [HONO_JWK, HONO_KEYS], [{ against: HONO_JWK.name, atLeast: 2 }]),
  repeated('Fastify', [FASTIFY_JWT_CACHE], [{ against: 'open route', atLeast: 0.9 }]),
  repeated('Express', [BEARER], []),
  repeated('Hono', [HONO_KEYS], []),
  tutorial('Fastify', [{ against: flaskProtected.name, atLeast: 10 }]),
  // As `examples/protected-api` has it.
  tutorial('Express', []),
]
