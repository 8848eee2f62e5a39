import { createSafeFetch } from '@doorward/client/outgoing'
import { isLoopbackHost } from '@doorward/core'
import { type AuditLog, createAudit, type LogDestination } from './audit/log.ts'
import { issuerPath } from './config/issuer.ts'
import { parseConfig } from './config/parse.ts'
import type { Config, ConfigInput } from './config/schema.ts'
import { type DatabaseChoice, readDatabase } from './database.ts'
import type { Audit, Deps } from './deps.ts'
import type { Doorward, Management } from './doorward.ts'
import { createSignIn } from './grants/first-party.ts'
import { createHandlers } from './handlers.ts'
import { type App, createApp } from './http/app.ts'
import { clientOrigins } from './http/cors.ts'
import { bindRoutes, routePaths } from './http/routes.ts'
import { createPasswords } from './identity/passwords.ts'
import { startJobs } from './jobs/start.ts'
import { type LiveKeyring, openKeyring } from './keys/keyring.ts'
import { findSecrets } from './keys/secret-source.ts'
import { createSecrets, type SealingSecrets } from './keys/secrets.ts'
import { createClientManagement } from './management/clients.ts'
import { createKeyManagement } from './management/keys.ts'
import { createResourceManagement } from './management/resources.ts'
import { createRoleManagement } from './management/roles.ts'
import { createUserManagement } from './management/users.ts'
import { DATABASE_MS, endInTime, JOBS_MS, ShutdownError } from './mounting/end-in-time.ts'
import { expressMiddleware } from './mounting/express.ts'
import { fastifyPlugin } from './mounting/fastify.ts'
import { fetchHandler } from './mounting/fetch.ts'
import { honoMiddleware } from './mounting/hono.ts'
import { openStorage } from './storage/open.ts'
import { type RememberingStorage, rememberRegistrations } from './storage/remembered.ts'

/** What an operator's own process decides, beside the settings of the configuration. */
export type Surroundings = {
  readonly database: DatabaseChoice
  /** Key-encryption secrets, the sealing one first. Default: DOORWARD_SECRET, else the data folder's file. */
  readonly secret?: string | readonly string[] | undefined
  /** Where the log goes, one JSON line an event. Default: stderr. `false`: nowhere. */
  readonly log?: LogDestination | false | undefined
}

/** Settings, and what the server runs on. */
export type DoorwardOptions = ConfigInput & Surroundings

/**
 * Opens the whole server: database, keys, endpoints, and the work beside them. Throws ConfigError where a
 * setting cannot work, StorageError where the database cannot be opened.
 * @example const auth = await createDoorward({ issuer: 'http://localhost:3000/auth', database: './data' })
 */
export async function createDoorward(options: DoorwardOptions): Promise<Doorward> {
  return (await openServer(options)).auth
}

/** A server as an app sees it, and as a port of its own drives it. */
export type OpenServer = { readonly auth: Doorward; readonly app: App; readonly audit: Audit }

/** Milliseconds that the work beside requests, and then the database, are given to end. */
export type CloseLimits = { readonly jobsMs: number; readonly databaseMs: number }

const CLOSE_LIMITS: CloseLimits = { jobsMs: JOBS_MS, databaseMs: DATABASE_MS }

/** Does what createDoorward says, for a process that listens itself. */
export async function openServer(
  options: DoorwardOptions,
  limits: CloseLimits = CLOSE_LIMITS,
): Promise<OpenServer> {
  const { database, secret, log, ...settings } = options
  const config = parseConfig(settings)
  const given = lazySecrets({ database, secret })
  const secrets = await given()
  const opened = await openBase(config, { database, log }, given)
  const remembering = rememberRegistrations(opened.storage)
  const base = { ...opened, storage: remembering.storage }
  try {
    const since = base.clock()
    const keyring = await openKeyring({ ...base, secrets })
    return serve({ ...base, secrets, keyring }, base, { since, remembering, limits })
  } catch (cause) {
    await base.storage.close()
    throw cause
  }
}

/**
 * Opens what an operator manages, without serving: for commands, which work while a server runs. Secrets are
 * asked for only where a key is sealed. Throws as createDoorward does.
 */
export async function openManagement(
  options: Surroundings & { readonly config?: Partial<ConfigInput> },
): Promise<Management & Pick<Deps, 'storage' | 'config' | 'clock'> & { close(): Promise<void> }> {
  // The issuer matters to tokens alone, and nothing here makes any.
  const config = parseConfig({ issuer: 'http://localhost', ...options.config })
  const base = await openBase(config, options, lazySecrets(options))
  return {
    ...createManagement(base),
    storage: base.storage,
    config,
    clock: base.clock,
    close: () => close(base),
  }
}

type Base = Pick<Deps, 'config' | 'storage' | 'passwords' | 'clock'> & {
  readonly audit: AuditLog
  readonly secrets: () => Promise<SealingSecrets>
}

async function openBase(
  config: Config,
  { database, log }: Omit<Surroundings, 'secret'>,
  secrets: Base['secrets'],
): Promise<Base> {
  return {
    config,
    secrets,
    storage: await openStorage(readDatabase(database).target),
    passwords: createPasswords(config.passwordHash),
    audit: createAudit(log ?? null),
    clock: () => Math.floor(Date.now() / 1000),
  }
}

/** Looked for when first asked for: a command that seals nothing needs none. */
function lazySecrets({ database, secret }: Omit<Surroundings, 'log'>): Base['secrets'] {
  const given = secret ?? process.env.DOORWARD_SECRET ?? null
  let secrets: Promise<SealingSecrets> | undefined
  return () => {
    secrets ??= findSecrets({ given, dataDir: readDatabase(database).secretDir }).then(createSecrets)
    return secrets
  }
}

function createManagement(base: Base): Management {
  return {
    users: createUserManagement(base),
    clients: createClientManagement(base),
    resources: createResourceManagement(base),
    roles: createRoleManagement(base),
    keys: createKeyManagement(base, base.secrets),
  }
}

type OpenDeps = Omit<Deps, 'keyring'> & { readonly keyring: LiveKeyring }

type Hearing = {
  readonly since: number
  readonly remembering: RememberingStorage
  readonly limits: CloseLimits
}

function serve(deps: OpenDeps, base: Base, { since, remembering, limits }: Hearing): OpenServer {
  const { config, audit } = deps
  const origins = clientOrigins(deps.storage.clients)
  const app = createApp({ config, audit, origins }, bindRoutes(createHandlers(deps)))
  const safeFetch = createSafeFetch({
    loopback: isLoopbackHost(new URL(config.issuer).hostname),
    allowPrivateHosts: config.allowPrivateHosts,
  })
  remembering.onHeard()
  const jobs = startJobs({ ...deps, safeFetch }, since, {
    onNews: (entries) => {
      entries.forEach(remembering.onNews)
      entries.forEach(origins.onNews)
    },
    onHeard: remembering.onHeard,
    onRefresh: remembering.forget,
  })
  audit.record({ event: 'server.started' })
  let closed: Promise<void> | undefined
  const stopJobs = async () => {
    await jobs.stop()
    // A first key that is still being made has to reach storage before it closes.
    await deps.keyring.settled()
  }
  const auth: Doorward = {
    issuer: config.issuer,
    ...createManagement(base),
    ...adapters(app, config),
    signIn: createSignIn(deps),
    close: () => {
      closed ??= stop(base, stopJobs, limits)
      return closed
    },
  }
  return { auth, app, audit }
}

/** Ends what runs beside requests, then the database, each in its time. Throws ShutdownError where one was not through. */
async function stop(base: Base, stopJobs: () => Promise<void>, limits: CloseLimits): Promise<void> {
  const { audit, storage } = base
  const cutOff: string[] = []
  const ending = async (what: string, milliseconds: number, end: () => Promise<void>) => {
    if (await endInTime(milliseconds, end)) return
    cutOff.push(what)
    audit.record({ event: 'server.cut_off', what })
  }
  await ending('jobs', limits.jobsMs, stopJobs)
  audit.record({ event: 'server.stopped' })
  await ending('database', limits.databaseMs, () => storage.close())
  audit.flush()
  if (cutOff.length > 0) {
    throw new ShutdownError(`Doorward ended while ${cutOff.join(' and ')} were still under way.`)
  }
}

function adapters(app: App, config: Config): Pick<Doorward, 'fetch' | 'express' | 'fastify' | 'hono'> {
  const fetch = fetchHandler(app)
  return {
    fetch: (request, { remoteAddress: peer = '', body } = {}) => fetch(request, { peer, body }),
    express: () => expressMiddleware(app),
    fastify: () => fastifyPlugin(app, routePaths(issuerPath(config.issuer))),
    hono: () => honoMiddleware(app),
  }
}

async function close({ storage, audit }: Base): Promise<void> {
  await storage.close()
  audit.flush()
}
