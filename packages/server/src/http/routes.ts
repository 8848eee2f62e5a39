import { ENDPOINT_PATHS } from '@doorward/core/messages'
import type { Handler } from './inbound.ts'

/**
 * Who asks, which decides the form of errors and the host rule. A program's endpoint answers under any host
 * and refuses in JSON; a page lives at the issuer's host and refuses with a page; an asset is a static file.
 */
export type RouteKind = 'program' | 'page' | 'asset'

/** Which origins' scripts may read the answers: none, any, or those of registered clients. */
export type CorsPolicy = 'none' | 'any' | 'clients'

type RouteShape = {
  /** Below the issuer's path. A trailing `/*` takes everything beneath, `:provider` one segment. */
  readonly path: string
  readonly kind: RouteKind
  /** GET answers HEAD too; every route answers OPTIONS. */
  readonly methods: readonly ('GET' | 'POST')[]
  readonly cors: CorsPolicy
}

/** A route with what answers it. */
export type Route = RouteShape & { readonly handler: Handler }

const GET = ['GET'] as const
const POST = ['POST'] as const
const BOTH = ['GET', 'POST'] as const

/** Every address that Doorward answers. */
export const ROUTES = [
  {
    name: 'openidConfiguration',
    path: ENDPOINT_PATHS.openidConfiguration,
    kind: 'program',
    methods: GET,
    cors: 'any',
  },
  {
    name: 'authorizationServer',
    path: ENDPOINT_PATHS.authorizationServerMetadata,
    kind: 'program',
    methods: GET,
    cors: 'any',
  },
  { name: 'jwks', path: ENDPOINT_PATHS.jwks, kind: 'program', methods: GET, cors: 'any' },
  { name: 'authorize', path: ENDPOINT_PATHS.authorize, kind: 'page', methods: BOTH, cors: 'none' },
  {
    name: 'authorizeChallenge',
    path: ENDPOINT_PATHS.authorizationChallenge,
    kind: 'program',
    methods: POST,
    cors: 'none',
  },
  { name: 'token', path: ENDPOINT_PATHS.token, kind: 'program', methods: POST, cors: 'clients' },
  { name: 'introspect', path: ENDPOINT_PATHS.introspection, kind: 'program', methods: POST, cors: 'none' },
  { name: 'revoke', path: ENDPOINT_PATHS.revocation, kind: 'program', methods: POST, cors: 'clients' },
  { name: 'userinfo', path: ENDPOINT_PATHS.userinfo, kind: 'program', methods: BOTH, cors: 'clients' },
  {
    name: 'connectionToken',
    path: '/api/v1/me/connections/:provider/token',
    kind: 'program',
    methods: GET,
    cors: 'clients',
  },
  { name: 'logout', path: ENDPOINT_PATHS.endSession, kind: 'page', methods: BOTH, cors: 'none' },
  { name: 'login', path: '/login', kind: 'page', methods: BOTH, cors: 'none' },
  { name: 'choose', path: '/login/choose', kind: 'page', methods: BOTH, cors: 'none' },
  { name: 'upstreamLogin', path: '/login/:provider', kind: 'page', methods: GET, cors: 'none' },
  {
    name: 'upstreamCallback',
    path: '/login/:provider/callback',
    kind: 'page',
    methods: BOTH,
    cors: 'none',
  },
  { name: 'consent', path: '/consent', kind: 'page', methods: BOTH, cors: 'none' },
  { name: 'account', path: '/account', kind: 'page', methods: BOTH, cors: 'none' },
  { name: 'connections', path: '/account/connections', kind: 'page', methods: BOTH, cors: 'none' },
  { name: 'assets', path: '/assets/*', kind: 'asset', methods: GET, cors: 'none' },
  { name: 'healthz', path: '/healthz', kind: 'program', methods: GET, cors: 'none' },
  { name: 'readyz', path: '/readyz', kind: 'program', methods: GET, cors: 'none' },
] as const satisfies readonly (RouteShape & { name: string })[]

type RouteName = (typeof ROUTES)[number]['name']

/** The endpoint behind each address; a handler sees only the methods of its route. */
export type Handlers = Readonly<Record<RouteName, Handler>>

/** The route table with its handlers, as createApp takes it. */
export function bindRoutes(handlers: Handlers): readonly Route[] {
  return ROUTES.map((shape) => ({ ...shape, handler: handlers[shape.name] }))
}

/** Every address as a path pattern of the host, for frameworks that want a list of routes. */
export function routePaths(basePath: string): readonly string[] {
  const paths = ROUTES.map(({ path }) => `${basePath}${path}`)
  return basePath === '' ? paths : [...paths, `${ENDPOINT_PATHS.authorizationServerMetadata}${basePath}`]
}
