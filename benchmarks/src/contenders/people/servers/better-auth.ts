/** better-auth, set up as its documentation has it: node:sqlite, e-mail and password, mounted on node:http. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { announcePort, localSettings } from '../../local-settings.ts'
import type { BetterAuthSettings } from '../better-auth-settings.ts'

const { databaseFile, cookieCache } = localSettings<BetterAuthSettings>()
const database = new DatabaseSync(databaseFile)
// Not in its documentation; it makes writing faster.
database.exec('PRAGMA journal_mode = WAL')

const server = createServer()
server.listen(0, '127.0.0.1', async () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const options = {
    baseURL: `http://127.0.0.1:${port}`,
    secret: randomBytes(32).toString('base64'),
    database,
    emailAndPassword: { enabled: true },
    // Its limit counts what succeeds, too: the load is more than it allows.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    session: { cookieCache: { enabled: cookieCache, maxAge: 300 } },
  }
  const { runMigrations } = await getMigrations(options)
  await runMigrations()
  server.on('request', toNodeHandler(betterAuth(options)))
  announcePort(port)
})
