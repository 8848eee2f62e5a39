import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contender, PlainLoad } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startServerProcess } from '../server-process.ts'
import { basic, clientCredentialsBody, formHeaders, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import type { TokenServerSettings } from './settings.ts'

const SERVER = fileURLToPath(new URL('./servers/token.ts', import.meta.url))

/** better-auth answering client_credentials with an ES256 JWT. */
export const betterAuthClientCredentials: Contender = {
  name: 'better-auth',
  kind: 'peer',
  note: 'better-auth with its jwt and oauth-provider plugins on node:http and node:sqlite (WAL); client and resource cached, rate limit off.',
  async start(cpu) {
    const folder = temporaryFolder('better-auth')
    const settings: TokenServerSettings = {
      databaseFile: join(folder.path, 'auth.db'),
      secret: randomBytes(32).toString('base64url'),
      resource: WORK.resource,
      scope: WORK.scope,
      lifetimeSeconds: WORK.lifetimeSeconds,
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
  },
}
