/** better-auth, set up as its documentation has it: node:sqlite, e-mail and password, mounted on node:http. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { announcePort, localSettings } from '../local-settings.ts'

/** What the rows vary. */
export type BetterAuthSettings = {
  /** Trusts a signed cookie for five minutes instead of asking the database. */
  readonly cookieCache: boolean
}

const { cookieCache } = localSettings<BetterAuthSettings>()
const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-better-auth-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGTERM', () => process.exit(0))

const database = new DatabaseSync(join(folder, 'better-auth.db'))
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
