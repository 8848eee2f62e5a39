import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { versionOf } from '../../packages.ts'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startServerProcess } from '../server-process.ts'
import { basic, clientCredentialsBody, formHeaders, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import type { TokenServerSettings } from './settings.ts'

const SERVER = fileURLToPath(new URL('./servers/token.ts', import.meta.url))

const NOTE =
  'better-auth with its jwt and oauth-provider plugins on node:http and node:sqlite (WAL), rate limit off'

/** better-auth answering client_credentials with an ES256 JWT, as its installation guide has it. */
export const betterAuthClientCredentials: Contender = {
  name: 'better-auth',
  kind: 'peer',
  note: `${NOTE}.`,
  start: (cpu) => start(cpu, false),
}

/** The same with its caches, which never learn of a change made by another process. */
export const betterAuthCachedClientCredentials: Contender = {
  name: 'better-auth, cached',
  kind: 'peer',
  note: `${NOTE}; cachedTrustedClients and cachedResources keep the client and the resource in memory.`,
  version: () => versionOf('better-auth') ?? 'unknown',
  start: (cpu) => start(cpu, true),
}

async function start(cpu: number, cached: boolean): Promise<Running> {
  const folder = temporaryFolder('better-auth')
  const settings: TokenServerSettings = {
    databaseFile: join(folder.path, 'auth.db'),
    secret: randomBytes(32).toString('base64url'),
    resource: WORK.resource,
    scope: WORK.scope,
    lifetimeSeconds: WORK.lifetimeSeconds,
    cached,
  }
  const server = await startServerProcess({
    command: ['node', SERVER],
    cpu,
    env: { BENCH_SETTINGS: JSON.stringify(settings) },
    ready: /^client (\S+) (\S+)\nlistening on (\d+)$/m,
  })
  const [, id = '', secret = '', port] = server.match
  const load: PlainLoad = {
    url: `http://127.0.0.1:${port}/api/auth/oauth2/token`,
    method: 'POST',
    headers: formHeaders(basic(id, secret)),
    body: clientCredentialsBody(),
  }
  return {
    pids: [server.pid],
    load,
    async verify() {
      checkAccessToken((await requestOnce(load)).access_token, 'ES256')
    },
    async stop() {
      await server.stop()
      folder.remove()
    },
  }
}
