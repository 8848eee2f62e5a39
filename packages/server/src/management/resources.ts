import { isResourceUri, isScopeToken } from '@doorward/core'
import type { Deps } from '../deps.ts'
import { InputError } from '../identity/input-error.ts'
import { KEY_ALGS } from '../keys/life.ts'
import { USER_CLAIMS } from '../policy/claims.ts'
import { isConnectionScope } from '../policy/connection-scopes.ts'
import type { Resource, SigningAlg } from '../storage/records.ts'

/** An API to be registered (RFC 8707). */
export type NewResource = {
  readonly uri: string
  readonly name?: string
  /** The scopes it knows; permissions are among them. */
  readonly scopes?: readonly string[]
  /** User claims its access tokens carry (RFC 9068 §2.2.2). */
  readonly claims?: readonly string[]
  /** Seconds; the server's own setting where it is absent. */
  readonly accessTokenLifetime?: number
  readonly signingAlg?: SigningAlg
}

/** The APIs that tokens are for (RFC 8707). Verbs that name one throw InputError where there is none. */
export type ResourceManagement = {
  create(resource: NewResource): Promise<Resource>
  list(): Promise<readonly Resource[]>
  show(uri: string): Promise<Resource>
  /** The resource, or null. */
  find(uri: string): Promise<Resource | null>
  /** Also takes away what roles allow there. */
  delete(uri: string): Promise<void>
}

const LONGEST_LIFETIME = 365 * 24 * 60 * 60

/** Makes the verbs for resources. */
export function createResourceManagement(
  deps: Pick<Deps, 'storage' | 'audit' | 'clock'>,
): ResourceManagement {
  const { storage, audit, clock } = deps
  return {
    async create(input) {
      checkResource(input)
      const resource = await storage.resources.insert(recordOf(input, clock()))
      if (resource === null) throw new InputError('taken', 'uri', 'A resource with this URI exists already.')
      audit.record({ event: 'resource.created', resource: resource.uri })
      return resource
    },
    list: () => storage.resources.list(),
    show: async (uri) => (await storage.resources.find(uri)) ?? unknown(),
    find: (uri) => storage.resources.find(uri),
    async delete(uri) {
      if (!(await storage.resources.delete(uri, clock()))) unknown()
      audit.record({ event: 'resource.deleted', resource: uri })
    },
  }
}

function recordOf(input: NewResource, now: number): Resource {
  return {
    uri: input.uri,
    name: input.name ?? null,
    scopes: [...new Set(input.scopes ?? [])],
    claims: [...new Set(input.claims ?? [])],
    accessTokenLifetime: input.accessTokenLifetime ?? null,
    signingAlg: input.signingAlg ?? null,
    createdAt: now,
  }
}

function checkResource({ uri, name, scopes = [], claims = [], ...rest }: NewResource): void {
  const invalid = (field: string, message: string) => new InputError('invalid', field, message)
  if (!isResourceUri(uri))
    throw invalid(
      'uri',
      'A resource is an absolute URI without a fragment (RFC 8707 §2), such as https://api.example.com',
    )
  if (name !== undefined && (name === '' || name.length > 200))
    throw invalid('name', 'A name has 1 to 200 characters.')
  if (!scopes.every(isScopeToken))
    throw invalid(
      'scopes',
      'A scope is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3).',
    )
  if (scopes.some(isConnectionScope))
    throw invalid('scopes', 'Scopes that begin with connections: are the server’s own.')
  if (!claims.every((claim) => USER_CLAIMS.includes(claim)))
    throw invalid('claims', `Access tokens can carry these claims: ${USER_CLAIMS.join(', ')}.`)
  const lifetime = rest.accessTokenLifetime
  if (
    lifetime !== undefined &&
    (!Number.isSafeInteger(lifetime) || lifetime < 1 || lifetime > LONGEST_LIFETIME)
  ) {
    throw invalid('accessTokenLifetime', 'The lifetime of access tokens is 1 second to 365 days.')
  }
  if (rest.signingAlg !== undefined && !KEY_ALGS.includes(rest.signingAlg)) {
    throw invalid('signingAlg', `The signing algorithm is one of ${KEY_ALGS.join(', ')}.`)
  }
}

function unknown(): never {
  throw new InputError('unknown', 'resource', 'There is no resource by this URI.')
}
