import { OAuthError } from '@doorward/core'
import { ENDPOINT_PATHS } from '@doorward/core/messages'
import { issuerPath } from '../config/issuer.ts'
import type { Deps } from '../deps.ts'
import { type ClientOrigins, corsHeaders, preflightHeaders } from './cors.ts'
import { type ErrorContext, errorResponse } from './error-response.ts'
import { type HostCheck, hostCheck } from './host-check.ts'
import { createInbound, type Inbound, splitTarget } from './inbound.ts'
import { type IncomingRequest, type Reply, withHeaders } from './incoming.ts'
import { trustedProxies } from './proxy.ts'
import { temporaryRedirect } from './respond.ts'
import type { CorsPolicy, Route, RouteKind } from './routes.ts'
import { COMMON_HEADERS } from './security-headers.ts'

/** The whole server as one function of a request. */
export type App = {
  /** Answers every request and never rejects. */
  answer(request: IncomingRequest): Promise<Reply>
  /** True for the addresses that are ours, so that an app we are mounted in keeps the others. */
  owns(pathname: string): boolean
}

type AppDeps = Pick<Deps, 'config' | 'audit'> & { readonly origins: ClientOrigins }

type Match = { readonly route: Route; readonly path: string }

type Served = {
  /** null where nothing answers at the address. */
  readonly route: Route | null
  readonly kind: RouteKind
  readonly inbound: Inbound
}

/** Puts the routes under the issuer's path, with everything that holds for all of them. */
export function createApp(deps: AppDeps, routes: readonly Route[]): App {
  const { config, audit } = deps
  const basePath = issuerPath(config.issuer)
  const find = routeFinder(basePath, routes)
  const settings = { proxies: trustedProxies(config.trustProxy), bodyBytes: config.limits.bodyBytes }
  const frame = { basePath, branding: config.branding, locale: 'en' }
  const errors: ErrorContext = { audit, frame, issuer: config.issuer }
  const checkHost = hostCheck(config.issuer)
  return {
    owns: (pathname) => isBeneath(pathname, basePath) || find(pathname) !== null,
    async answer(request) {
      const { pathname } = splitTarget(request.target)
      const match = find(pathname)
      const route = match?.route ?? null
      const inbound = createInbound(request, match?.path ?? pathname, settings)
      const kind = route?.kind ?? whoAsks(request)
      const reply = await respond({ route, kind, inbound }, checkHost, errors)
      return route === null ? reply : addCors(reply, route.cors, inbound, deps)
    },
  }
}

async function respond(served: Served, checkHost: HostCheck, errors: ErrorContext): Promise<Reply> {
  const { route, inbound, kind } = served
  try {
    if (route === null) throw notFound()
    return await answer(route, inbound, checkHost)
  } catch (cause) {
    const reply = await errorResponse(cause, inbound, kind, errors)
    return reply.status === 405 && route !== null ? withHeaders(reply, { Allow: allowed(route) }) : reply
  }
}

function answer(route: Route, inbound: Inbound, checkHost: HostCheck): Reply | Promise<Reply> {
  const { method, request } = inbound
  if (method === 'OPTIONS') return options(route, request)
  if (!route.methods.some((name) => name === method)) {
    throw new OAuthError('invalid_request', 'This address does not answer this HTTP method.', {
      reason: 'method_not_allowed',
      status: 405,
    })
  }
  const elsewhere = route.kind === 'page' ? checkHost(inbound) : null
  return elsewhere === null ? route.handler(inbound) : temporaryRedirect(elsewhere)
}

function options(route: Route, request: IncomingRequest): Reply {
  const asked = route.cors !== 'none' && request.header('access-control-request-method') !== null
  const headers = {
    ...COMMON_HEADERS,
    Allow: allowed(route),
    ...(asked ? preflightHeaders(route.methods) : {}),
  }
  return { status: 204, headers, cookies: [], body: null }
}

function addCors(reply: Reply, policy: CorsPolicy, inbound: Inbound, deps: AppDeps): Reply | Promise<Reply> {
  const origin = policy === 'none' ? null : inbound.request.header('origin')
  const shared = (allowed: boolean): Reply => {
    const headers = corsHeaders(policy, origin, allowed)
    return headers === null ? reply : withHeaders(reply, headers)
  }
  if (policy !== 'clients' || origin === null) return shared(false)
  return isAllowed(origin, inbound, deps).then(shared)
}

/** False too where the origins cannot be read: the request is answered, and no script sees it. */
function isAllowed(origin: string, inbound: Inbound, { origins, audit }: AppDeps): Promise<boolean> {
  return origins.allows(origin).catch((cause: unknown) => {
    audit.fault(inbound.reference, cause)
    return false
  })
}

function allowed({ methods }: Route): string {
  return [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(
    ', ',
  )
}

/** Where nothing answers, a browser that navigates gets a page and a program JSON. */
function whoAsks(request: IncomingRequest): RouteKind {
  return request.header('accept')?.includes('text/html') === true ? 'page' : 'program'
}

function notFound(): OAuthError {
  return new OAuthError('invalid_request', 'Nothing answers at this address.', {
    reason: 'not_found',
    status: 404,
  })
}

function isBeneath(pathname: string, basePath: string): boolean {
  return basePath !== '' && (pathname === basePath || pathname.startsWith(`${basePath}/`))
}

/**
 * Finds a route by a request's path. The metadata of an issuer with a path also stands at the host's root,
 * the path behind it (RFC 8414 §3.1).
 */
function routeFinder(basePath: string, routes: readonly Route[]): (pathname: string) => Match | null {
  const exact = new Map<string, Match>()
  const beneath: { readonly prefix: string; readonly route: Route }[] = []
  const patterns: { readonly pattern: RegExp; readonly route: Route }[] = []
  for (const route of routes) {
    const { path } = route
    if (path.includes(':')) patterns.push({ pattern: patternOf(`${basePath}${path}`), route })
    else if (path.endsWith('/*')) beneath.push({ prefix: `${basePath}${path.slice(0, -1)}`, route })
    else exact.set(`${basePath}${path}`, { route, path })
    if (basePath !== '' && path === ENDPOINT_PATHS.authorizationServerMetadata) {
      exact.set(`${path}${basePath}`, { route, path })
    }
  }
  return (pathname) => {
    const match = exact.get(pathname)
    if (match !== undefined) return match
    const found =
      beneath.find(({ prefix }) => pathname.startsWith(prefix)) ??
      patterns.find(({ pattern }) => pattern.test(pathname))
    return found === undefined ? null : { route: found.route, path: pathname.slice(basePath.length) }
  }
}

/** A path in which `:name` stands for one segment. */
function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/:[a-z]+/g, '[^/]+')}$`)
}
