import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDoorward } from 'doorward'
import { fillSqlite, sqliteDialect } from './fill-sqlite.ts'
import { population, type Scale } from './population.ts'

/**
 * Fills a store as years without a sweep would: by default 1 million users and 10 million refresh tokens, 9 million
 * of them expired. The server's own migrations make the tables.
 * @example npm exec node -- benchmarks/src/growth/seed.ts --data ./large
 */

const CLIENT_ID = 'growth'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    issuer: { type: 'string', default: 'http://localhost:4000' },
    users: { type: 'string', default: '1000000' },
    families: { type: 'string', default: '2' },
    tokens: { type: 'string', default: '5' },
    live: { type: 'string', default: '0.1' },
  },
})
const { data, issuer } = values
if (data === undefined) throw new Error('Say where: --data DIR')

const scale: Scale = {
  users: Number(values.users),
  familiesPerUser: Number(values.families),
  tokensPerFamily: Number(values.tokens),
  liveShare: Number(values.live),
}
const setting = { clientId: CLIENT_ID, issuer, now: Math.floor(Date.now() / 1000) }
const note = (text: string) => console.log(`  ${text}`)

const doorward = await createDoorward({ issuer, database: data, log: false })
const { secret } = await doorward.clients.create(
  {
    client_name: 'Growth',
    redirect_uris: ['https://app.example/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: 'read offline_access',
  },
  { id: CLIENT_ID },
)
await doorward.close()

const started = performance.now()
const bytes = fillSqlite(data, population(scale, setting, sqliteDialect), note)
// For the load: whose tokens these are.
await writeFile(join(data, 'growth.json'), JSON.stringify({ scale, setting, secret }), { mode: 0o600 })
const seconds = (performance.now() - started) / 1000
console.log(`${(bytes / 2 ** 20).toFixed(0)} MiB in ${seconds.toFixed(0)} s.`)
