import type { AccessTokens, Codes, Families, RefreshTokens } from './ports/grants.ts'
import type {
  KeptRequests,
  Keys,
  Limits,
  LogoutDeliveries,
  Maintenance,
  Outbox,
  Replays,
} from './ports/operations.ts'
import type { Consents, Identities, Sessions, Users } from './ports/people.ts'
import type { Clients, Resources, Roles } from './ports/registrations.ts'

export type * from './ports/grants.ts'
export type * from './ports/operations.ts'
export type * from './ports/people.ts'
export type * from './ports/registrations.ts'

/**
 * What the server asks of a database. Each verb is whole: it takes effect entirely or not at all, and its
 * promise resolves only once the effect is on disk. Verbs that can be raced have exactly one winner.
 * A verb throws StorageError, never a driver's error.
 */
export type Storage = {
  readonly users: Users
  readonly identities: Identities
  readonly clients: Clients
  readonly resources: Resources
  readonly roles: Roles
  readonly sessions: Sessions
  readonly consents: Consents
  readonly codes: Codes
  readonly families: Families
  readonly refreshTokens: RefreshTokens
  readonly accessTokens: AccessTokens
  readonly keys: Keys
  readonly replays: Replays
  readonly limits: Limits
  readonly keptRequests: KeptRequests
  readonly logoutDeliveries: LogoutDeliveries
  readonly outbox: Outbox
  readonly maintenance: Maintenance
  close(): Promise<void>
}
