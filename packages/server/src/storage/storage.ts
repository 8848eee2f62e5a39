import { createAccessTokens } from './access-tokens.ts'
import { createClients } from './clients.ts'
import { createCodes } from './codes.ts'
import { createConnections } from './connections.ts'
import { createConsents } from './consents.ts'
import { createFamilies } from './families.ts'
import { createIdentities } from './identities.ts'
import { createKeptRequests } from './kept-requests.ts'
import { createKeys } from './keys.ts'
import { createLimits } from './limits.ts'
import { createLogoutDeliveries } from './logout-deliveries.ts'
import { createOutbox } from './outbox.ts'
import type { Storage } from './ports.ts'
import { createRefreshTokens } from './refresh-tokens.ts'
import { createReplays } from './replays.ts'
import { createResources } from './resources.ts'
import { createRoles } from './roles.ts'
import { createSessions } from './sessions.ts'
import { type Runner, row, statement } from './statement.ts'
import { createSweeps } from './sweep.ts'
import { createUsers } from './users.ts'

const selectNothing = statement((db) => db.selectNoFrom((eb) => eb.lit(1).as('one')))

/** All nouns over one database. */
export function createStorage(
  run: Runner,
  own: { readonly backup: (file: string) => Promise<void>; readonly close: () => Promise<void> },
): Storage {
  return {
    users: createUsers(run),
    identities: createIdentities(run),
    clients: createClients(run),
    resources: createResources(run),
    roles: createRoles(run),
    sessions: createSessions(run),
    consents: createConsents(run),
    connections: createConnections(run),
    codes: createCodes(run),
    families: createFamilies(run),
    refreshTokens: createRefreshTokens(run),
    accessTokens: createAccessTokens(run),
    keys: createKeys(run),
    replays: createReplays(run),
    limits: createLimits(run),
    keptRequests: createKeptRequests(run),
    logoutDeliveries: createLogoutDeliveries(run),
    outbox: createOutbox(run),
    maintenance: {
      sweeps: createSweeps(run),
      sweepMs: run.sweepMs,
      backup: own.backup,
      ping: async () => void (await run.read(() => row(selectNothing, {}))),
    },
    close: own.close,
  }
}
