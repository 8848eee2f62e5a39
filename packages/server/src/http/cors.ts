import type { ClientMetadata } from '@doorward/core'
import type { Clients } from '../storage/ports.ts'
import type { Client, OutboxEntry } from '../storage/records.ts'
import type { Reply } from './incoming.ts'
import type { CorsPolicy } from './routes.ts'

/** The web origins whose scripts may call the token, userinfo and revocation endpoints. */
export type ClientOrigins = {
  /** Waits for storage only at first and after a client has changed. */
  allows(origin: string): Promise<boolean>
  /** To be told of each outbox entry: a changed client may change the origins. */
  onNews(entry: Pick<OutboxEntry, 'kind' | 'subject'>): void
}

const PAGE_SIZE = 500
/** An origin beyond this many is not let in: memory stays bounded however many clients are registered. */
const MAX_ORIGINS = 100_000

/**
 * Keeps the origins of all registered clients in memory. Read whole when first asked; after that a client is
 * read again when the outbox says that it has changed, and somebody asks.
 */
export function clientOrigins(clients: Pick<Clients, 'list' | 'find'>): ClientOrigins {
  const origins = countedOrigins()
  const changed = new Set<string>()
  let complete = false
  let refreshing: Promise<void> | null = null

  const readAll = async (): Promise<void> => {
    changed.clear()
    origins.clear()
    for await (const client of eachClient(clients)) origins.put(client.id, originsOf(client.metadata))
    complete = true
  }
  const readChanged = async (): Promise<void> => {
    for (const id of [...changed]) {
      // Before it is read: news that come meanwhile may be of a later change.
      changed.delete(id)
      const client = await clients.find(id).catch((cause: unknown) => {
        changed.add(id)
        throw cause
      })
      origins.put(id, client === null ? [] : originsOf(client.metadata))
    }
  }
  const refresh = (): Promise<void> => {
    refreshing ??= (complete ? readChanged() : readAll()).finally(() => {
      refreshing = null
    })
    return refreshing
  }
  return {
    async allows(origin) {
      if (!complete || changed.size > 0 || refreshing !== null) await refresh()
      return origins.has(origin)
    },
    onNews({ kind, subject }) {
      if (kind === 'client') changed.add(subject)
      if (changed.size > PAGE_SIZE) complete = false
    },
  }
}

type CountedOrigins = {
  has(origin: string): boolean
  /** Replaces what this client contributes. */
  put(clientId: string, origins: readonly string[]): void
  clear(): void
}

/** Several clients may share an origin: it leaves with the last of them. */
function countedOrigins(): CountedOrigins {
  const byClient = new Map<string, readonly string[]>()
  const counts = new Map<string, number>()
  const add = (origin: string, step: number): void => {
    const count = (counts.get(origin) ?? 0) + step
    if (count > 0) counts.set(origin, count)
    else counts.delete(origin)
  }
  return {
    has: (origin) => counts.has(origin),
    put(clientId, origins) {
      for (const origin of byClient.get(clientId) ?? []) add(origin, -1)
      byClient.delete(clientId)
      if (origins.length === 0 || counts.size + origins.length > MAX_ORIGINS) return
      byClient.set(clientId, origins)
      for (const origin of origins) add(origin, 1)
    },
    clear() {
      byClient.clear()
      counts.clear()
    },
  }
}

async function* eachClient(clients: Pick<Clients, 'list'>): AsyncGenerator<Client> {
  let after: string | null = null
  do {
    const page: readonly Client[] = await clients.list({ after, limit: PAGE_SIZE })
    yield* page
    after = page.length < PAGE_SIZE ? null : (page.at(-1)?.id ?? null)
  } while (after !== null)
}

/** The origins from which a client's scripts run: those named, and of a public web client its redirect URIs'. */
export function originsOf(
  client: Pick<ClientMetadata, 'corsOrigins' | 'redirectUris' | 'tokenEndpointAuthMethod'>,
): readonly string[] {
  if (client.tokenEndpointAuthMethod !== 'none') return client.corsOrigins
  const web = client.redirectUris.filter((uri) => /^https?:/i.test(uri))
  return [...client.corsOrigins, ...web.map((uri) => new URL(uri).origin)]
}

/**
 * Headers that let a script read an answer, errors included, or null where there are none to add. `allowed` is
 * ClientOrigins' verdict.
 */
export function corsHeaders(
  policy: CorsPolicy,
  origin: string | null,
  allowed: boolean,
): Reply['headers'] | null {
  if (policy === 'any') return { 'Access-Control-Allow-Origin': '*' }
  if (policy === 'none' || origin === null) return null
  if (!allowed) return { Vary: 'Origin' }
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After',
    Vary: 'Origin',
  }
}

/**
 * What a preflight is told beside corsHeaders. Authorization is named by itself: a wildcard never covers it.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightHeaders(methods: readonly string[]): Reply['headers'] {
  return {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Max-Age': '600',
  }
}
