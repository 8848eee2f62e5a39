import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ConfigInput, configSchema } from '../../../src/config/schema.ts'
import type { AuditEvent, Deps } from '../../../src/deps.ts'
import { createHandlers } from '../../../src/handlers.ts'
import { createApp } from '../../../src/http/app.ts'
import { clientOrigins } from '../../../src/http/cors.ts'
import { bindRoutes } from '../../../src/http/routes.ts'
import { createPasswords } from '../../../src/identity/passwords.ts'
import { openKeyring } from '../../../src/keys/keyring.ts'
import { createSecrets } from '../../../src/keys/secrets.ts'
import { createClientManagement } from '../../../src/management/clients.ts'
import { createResourceManagement } from '../../../src/management/resources.ts'
import { createRoleManagement } from '../../../src/management/roles.ts'
import { createUserManagement } from '../../../src/management/users.ts'
import { fetchHandler } from '../../../src/mounting/fetch.ts'
import { openStorage } from '../../../src/storage/open.ts'
import { createUpstreams } from '../../../src/upstream/providers.ts'
import { Agent } from './agent.ts'

export const ISSUER = 'http://localhost:4000'
export const CALLBACK = 'https://app.example.com/cb'
export const PASSWORD = 'correct horse battery staple'

/** Hashes that take no time: what is tested here is who gets them. */
const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 }

/** The real app over a real embedded database, with a clock that tests move and the audit in a list. */
export async function startServer(settings: Omit<ConfigInput, 'issuer'> & { issuer?: string } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'doorward-'))
  const storage = await openStorage({ dataDir })
  const events: AuditEvent[] = []
  const faults: unknown[] = []
  let now = 1_800_000_000
  const base = {
    config: configSchema.parse({ issuer: ISSUER, passwordHash: CHEAP, ...settings }),
    storage,
    secrets: createSecrets(['a secret for tests only, of no use elsewhere']),
    audit: {
      // The RSA key comes about in its own time: what it says of itself would fall anywhere.
      record: (event: AuditEvent) => void (event.event.startsWith('key.') || events.push(event)),
      fault: (_: string | null, cause: unknown) => void faults.push(cause),
    },
    clock: () => now,
  }
  const passwords = createPasswords(base.config.passwordHash)
  const keyring = await openKeyring(base)
  const deps = { ...base, passwords, keyring, upstreams: createUpstreams(base) } satisfies Deps
  onTestFinished(async () => {
    await keyring.settled()
    await storage.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const app = createApp(
    { ...deps, origins: clientOrigins(storage.clients) },
    bindRoutes(createHandlers(deps)),
  )
  const answer = fetchHandler(app)
  const fetch = (request: Request, ip: string) => answer(request, { peer: ip })
  return {
    deps,
    events,
    /** The names of what has gone on record since the server, its clients and people were there. */
    story: () => events.map(({ event }) => event).filter((event) => !event.endsWith('.created')),
    faults,
    fetch,
    users: createUserManagement(deps),
    clients: createClientManagement(deps),
    resources: createResourceManagement(deps),
    roles: createRoleManagement(deps),
    agent: () => new Agent(fetch, new URL(base.config.issuer).origin),
    /** Moves the clock on, in seconds. */
    wait: (seconds: number) => {
      now += seconds
    },
  }
}

export type TestServer = Awaited<ReturnType<typeof startServer>>
