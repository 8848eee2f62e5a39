import { parseClientMetadata, unknownClientMembers } from '@doorward/core'
import { randomToken, sha256 } from '@doorward/core/crypto'
import { respondClient } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import { InputError } from '../identity/input-error.ts'
import type { Page } from '../storage/ports.ts'
import type { Client } from '../storage/records.ts'

/** A client with its secret in the clear, at the one moment when it is known. */
export type ClientWithSecret = { readonly client: Client; readonly secret: string | null }

/** Clients. Every verb that names one throws InputError where there is none. */
export type ClientManagement = {
  /**
   * Registers a client. `metadata` has the names of RFC 7591 §2, OpenID Connect Registration §2 and our own
   * (`trusted`, `first_party`, `pkce`, `introspects`, `default_resource`, `cors_origins`). `options.id` is for
   * tools that make the same client again and again. Throws OAuthError invalid_client_metadata or
   * invalid_redirect_uri, and InputError where the id is taken or a member is misspelt.
   */
  create(
    metadata: Readonly<Record<string, unknown>>,
    options?: { readonly id?: string },
  ): Promise<ClientWithSecret>
  list(page?: Partial<Page>): Promise<readonly Client[]>
  show(id: string): Promise<Client>
  /** The client, or null. */
  find(id: string): Promise<Client | null>
  /** Also revokes its tokens. */
  delete(id: string): Promise<void>
  /** The old secret stops to work at once. */
  rotateSecret(id: string): Promise<ClientWithSecret>
}

type ClientManagementDeps = Pick<Deps, 'storage' | 'audit' | 'clock'>

/** Makes the verbs for clients. */
export function createClientManagement(deps: ClientManagementDeps): ClientManagement {
  const { storage, audit, clock } = deps
  const need = async (id: string): Promise<Client> => (await storage.clients.find(id)) ?? unknown()
  return {
    create: (metadata, options) => createClient(deps, metadata, options?.id),
    list: ({ after = null, limit = 100 } = {}) => storage.clients.list({ after, limit }),
    show: need,
    find: (id) => storage.clients.find(id),
    async delete(id) {
      if (!(await storage.clients.delete(id, clock()))) unknown()
      audit.record({ event: 'client.deleted', clientId: id })
    },
    async rotateSecret(id) {
      const client = await need(id)
      if (client.secretHash === null) {
        throw new InputError(
          'invalid',
          'client',
          'This client has no secret: it proves itself by key or not at all.',
        )
      }
      const secret = randomToken(32)
      const secretHash = sha256(secret)
      if (!(await storage.clients.setSecret(id, secretHash, clock()))) unknown()
      audit.record({ event: 'client.secret_rotated', clientId: id })
      return { client: { ...client, secretHash }, secret }
    },
  }
}

async function createClient(
  { storage, audit, clock }: ClientManagementDeps,
  wire: Readonly<Record<string, unknown>>,
  id: string = randomToken(16),
): Promise<ClientWithSecret> {
  const misspelt = unknownClientMembers(wire)[0]
  if (misspelt !== undefined) {
    throw new InputError(
      'invalid',
      misspelt,
      `Client metadata has no member ${misspelt}. Members are named as in RFC 7591 §2.`,
    )
  }
  if (!/^[\w.~-]{1,128}$/.test(id)) {
    throw new InputError('invalid', 'id', 'A client id is 1 to 128 letters, digits, and - . _ ~ signs.')
  }
  const metadata = parseClientMetadata(wire)
  const secret = metadata.tokenEndpointAuthMethod.startsWith('client_secret_') ? randomToken(32) : null
  const now = clock()
  const secretHash = secret === null ? null : sha256(secret)
  const client = await storage.clients.insert({ id, secretHash, metadata, createdAt: now, updatedAt: now })
  if (client === null) throw new InputError('taken', 'id', 'A client with this id exists already.')
  audit.record({ event: 'client.created', clientId: id })
  return { client, secret }
}

/** A client in the names of RFC 7591 §3.2.1, as `--json` prints it. */
export function clientToWire({ client, secret }: ClientWithSecret): Record<string, unknown> {
  return respondClient({
    clientId: client.id,
    clientSecret: secret,
    createdAt: client.createdAt,
    metadata: client.metadata,
  })
}

function unknown(): never {
  throw new InputError('unknown', 'client', 'There is no client by this id.')
}
