import type { PathOptions } from '../options.ts'

/** What an address of the client is for. */
export type Route = {
  readonly kind: 'login' | 'callback' | 'logout' | 'backChannelLogout' | 'style'
  /** The provider's id, as the path names it; null where none is concerned. */
  readonly provider: string | null
}

/** The client's addresses. */
export type Paths = {
  /** What a path is for, or null where it is the app's own. */
  find(path: string): Route | null
  /** Where a sign-in begins. */
  login(provider: string): string
  callback(provider: string): string
  readonly style: string
  /** All of them as patterns, `:provider` among them. */
  readonly patterns: readonly string[]
}

const STYLE = '/doorward-client.css'

/** Compiles the paths under `baseUrl`. With one provider its id may be absent from them. */
export function compilePaths(baseUrl: string, options: Required<PathOptions>, only: string | null): Paths {
  const prefix = new URL(baseUrl).pathname.replace(/\/$/, '')
  const { login, callback, logout, backChannelLogout } = options
  const style = `${logout}${STYLE}`
  const named: readonly (readonly [Route['kind'], string])[] = [
    ['login', login],
    ['callback', callback],
    ['logout', logout],
    ['backChannelLogout', backChannelLogout],
    ['style', style],
  ]
  const routes = named
    .map(([kind, path]) => ({ kind, pattern: prefix + path, expression: expressionOf(prefix + path) }))
    // Paths without a parameter first: `/login/authorized` is not the sign-in of a provider of that name.
    .toSorted((a, b) => Number(a.pattern.includes(':')) - Number(b.pattern.includes(':')))
  const fill = (pattern: string, provider: string): string => prefix + pattern.replace(':provider', provider)
  return {
    find: (path) => {
      for (const { kind, expression } of routes) {
        const match = expression.exec(path)
        if (match !== null) return { kind, provider: match.groups?.provider ?? only }
      }
      return null
    },
    login: (provider) => fill(login, provider),
    callback: (provider) => fill(callback, provider),
    style: prefix + style,
    patterns: routes.map(({ pattern }) => pattern),
  }
}

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(':provider', '(?<provider>[^/]+)')}$`)
}
