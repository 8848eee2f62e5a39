import { randomBytes } from 'node:crypto'
import { openManagement, type Surroundings } from '../../packages/server/src/main.ts'
import { clientToWire } from '../../packages/server/src/management/clients.ts'
import type { NewUser } from '../../packages/server/src/management/users.ts'

/** A client as its registration answered it (RFC 7591 §3.2.1). */
export type RegisteredClient = Readonly<Record<string, unknown>> & {
  readonly client_id: string
  readonly client_secret?: string
}

export type TestUser = { readonly sub: string; readonly email: string; readonly password: string }

/** What a test says about a client, in the names of RFC 7591 and Doorward's own. */
export type ClientMembers = Readonly<Record<string, unknown>>

export type Seed = {
  /** An account; e-mail and password are made up where none is given. */
  createUser(user?: Partial<NewUser>): Promise<TestUser>
  createClient(client: ClientMembers): Promise<RegisteredClient>
  /** The next signing keys; they sign once the key set's cache time has passed, which may be 0. */
  rotateKeys(jwksMaxAgeSeconds: number): Promise<void>
}

/** A password that no rule and no list refuses. */
export const freshPassword = (): string => `${randomBytes(12).toString('base64url')} Ænd`

type Management = Awaited<ReturnType<typeof openManagement>>
type ManagementConfig = NonNullable<Parameters<typeof openManagement>[0]['config']>

/** Makes accounts and clients as the commands do, but in this process: a command takes half a second to start. */
export const seedInto = (surroundings: Surroundings): Seed => {
  // Opened for each, so that no connection of the tests stands beside a server that is killed.
  type Act<T> = (management: Management) => Promise<T>
  const manage = async <T>(act: Act<T>, config: ManagementConfig = {}): Promise<T> => {
    const management = await openManagement({ ...surroundings, config, log: false })
    try {
      return await act(management)
    } finally {
      await management.close()
    }
  }
  return {
    createUser: async (user = {}) => {
      const email = user.email ?? `u${randomBytes(5).toString('hex')}@example.com`
      const password = user.password ?? freshPassword()
      const { id } = await manage(({ users }) => users.create({ ...user, email, password }))
      return { sub: id, email, password }
    },
    createClient: async (client) => {
      const made = await manage(({ clients }) => clients.create({ client_name: 'Test app', ...client }))
      const wire = clientToWire(made)
      return { ...wire, client_id: String(wire.client_id) }
    },
    rotateKeys: async (jwksMaxAgeSeconds) => {
      await manage(({ keys }) => keys.rotate(), { keys: { jwksMaxAgeSeconds } })
    },
  }
}
