import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createDatabase } from '../../../tests/support/postgres.ts'
import { ConfigError } from '../src/config/errors.ts'
import { createDoorward, type DoorwardOptions, openManagement, openServer } from '../src/main.ts'
import { testFolder } from './support/deps.ts'
import { stallingProxy } from './support/stalling-proxy.ts'

const databases = ['sqlite', 'postgres'] as const
const SECRET = 'x'.repeat(32)
const issuer = 'http://localhost:4000/auth'

async function open(options: Partial<DoorwardOptions> = {}) {
  const auth = await createDoorward({ issuer, database: await testFolder(), log: false, ...options })
  onTestFinished(() => auth.close())
  return auth
}

type Auth = Awaited<ReturnType<typeof open>>

async function token(auth: Auth, to: Auth = auth): Promise<Record<string, unknown>> {
  await auth.resources.create({ uri: 'https://api.example.com', scopes: ['read'] }).catch(() => undefined)
  const made = await auth.clients.create({
    client_name: 'Robot',
    grant_types: ['client_credentials'],
    response_types: [],
    scope: 'read',
    token_endpoint_auth_method: 'client_secret_post',
  })
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: made.client.id,
    client_secret: made.secret ?? '',
    resource: 'https://api.example.com',
  })
  const response = await to.fetch(new Request(`${issuer}/oauth/token`, { method: 'POST', body }), {
    remoteAddress: '192.0.2.1',
  })
  return response.json()
}

async function postgres(): Promise<string> {
  const { url, drop } = await createDatabase()
  onTestFinished(drop)
  return url
}

const kidOf = (jwt: unknown): string =>
  JSON.parse(Buffer.from(String(jwt).split('.')[0] ?? '', 'base64url').toString()).kid
const jwks = async (auth: Auth): Promise<string> =>
  (await auth.fetch(new Request(`${issuer}/oauth/jwks`))).text()

/** Asks again until it holds; the deadline is the test's own. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}

describe('createDoorward', () => {
  afterEach(() => {
    delete process.env.DOORWARD_SECRET
  })

  it("answers at the issuer's path, and nowhere else", async () => {
    const auth = await open()
    const document = await (
      await auth.fetch(new Request(`${issuer}/.well-known/openid-configuration`))
    ).json()
    expect(document).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
    const alias = 'http://localhost:4000/.well-known/oauth-authorization-server/auth'
    expect(await (await auth.fetch(new Request(alias))).json()).toEqual(document)
    expect(
      (await auth.fetch(new Request('http://localhost:4000/.well-known/openid-configuration'))).status,
    ).toBe(404)
  })

  it('issues a token from an empty folder', async () => {
    expect(await token(await open())).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'read' })
  })

  it('serves no JWK set that lacks a first key', async () => {
    const { keys } = JSON.parse(await jwks(await open()))
    expect(keys.map((key: { alg: string }) => key.alg).sort()).toEqual(['ES256', 'EdDSA', 'RS256'])
  })

  it.each(databases)(
    'agrees on its first keys, and follows what another process does to them, on %s',
    async (kind) => {
      const database = kind === 'sqlite' ? await testFolder() : await postgres()
      const all = await Promise.all(Array.from({ length: 3 }, () => open({ database, secret: SECRET })))
      const [one, other] = [all[0] ?? (await open()), all[1] ?? (await open())]
      await Promise.all(all.map(jwks))
      await eventually(async () => new Set(await Promise.all(all.map(jwks))).size === 1)
      expect(JSON.parse(await jwks(one)).keys).toHaveLength(3)
      const kid = kidOf((await token(one, other)).access_token)
      const { replacement } = await one.keys.compromise(kid)
      await eventually(
        async () => !(await jwks(other)).includes(kid) && (await jwks(other)).includes(String(replacement)),
      )
      expect(kidOf((await token(one, other)).access_token)).toBe(replacement)
    },
  )

  it('refuses an unknown setting by name', async () => {
    const settings = { issuer, database: await testFolder(), refresh: { idle: 5 } }
    await expect(createDoorward(settings as unknown as DoorwardOptions)).rejects.toThrow(
      /Unknown setting refresh\.idle/,
    )
  })

  it('says what to set where PostgreSQL comes without a secret, before it asks the database', async () => {
    const opened = createDoorward({ issuer, database: 'postgres://nobody@127.0.0.1:1/none', log: false })
    await expect(opened).rejects.toThrow(ConfigError)
    await expect(opened).rejects.toThrow(/DOORWARD_SECRET is not set/)
  })

  it('takes the secret from the option, else from DOORWARD_SECRET', async () => {
    const database = await testFolder()
    const first = await createDoorward({ issuer, database, log: false, secret: SECRET })
    const before = await jwks(first)
    await first.close()
    process.env.DOORWARD_SECRET = `${'y'.repeat(32)}, ${SECRET}`
    expect(await jwks(await open({ database }))).toBe(before)
    process.env.DOORWARD_SECRET = 'z'.repeat(32)
    await expect(open({ database })).rejects.toThrow(/sealed under another secret/)
  })

  it('writes its log where it is told', async () => {
    const lines: string[] = []
    await token(await open({ log: { write: (line) => lines.push(line) } }))
    const events = lines.map((line) => JSON.parse(line))
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'token.issued', ip: '192.0.2.1', grantType: 'client_credentials' }),
    )
  })

  it('can be closed twice, and while its first keys are being made', async () => {
    const lines: string[] = []
    const auth = await createDoorward({
      issuer,
      database: await testFolder(),
      log: { write: (line) => lines.push(line) },
    })
    await Promise.all([auth.close(), auth.close()])
    expect(lines.join('')).not.toContain('fault')
  })

  it('closes in time over a database that no longer answers, and says what was cut off', async () => {
    const { url, stall } = await stallingProxy(await postgres())
    const lines: string[] = []
    const log = { write: (line: string) => lines.push(line) }
    const limits = { jobsMs: 50, databaseMs: 50 }
    const { auth } = await openServer({ issuer, database: url, secret: SECRET, log }, limits)
    await stall()
    await expect(auth.close()).rejects.toThrow(
      /^Doorward ended while jobs and database were still under way\.$/,
    )
    const ends = lines.map((line) => JSON.parse(line)).filter(({ event }) => event.startsWith('server.'))
    expect(ends).toMatchObject([
      { event: 'server.started' },
      { event: 'server.cut_off', level: 40, what: 'jobs' },
      { event: 'server.stopped' },
      { event: 'server.cut_off', level: 40, what: 'database' },
    ])
  })
})

describe('openManagement', () => {
  it('works beside a server that runs, and needs no secret but to seal', async () => {
    const database = await testFolder()
    const auth = await open({ database, secret: SECRET })
    const management = await openManagement({ database, log: false })
    onTestFinished(() => management.close())
    const user = await management.users.create({ email: 'ada@example.com' })
    expect(await auth.users.show('ada@example.com')).toEqual(user)
    await jwks(auth)
    expect(await management.keys.list()).toHaveLength(3)
  })
})
