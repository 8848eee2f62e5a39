import { randomToken, sha256 } from '@doorward/core/crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDoorward } from '../../src/main.ts'
import { openStorage } from '../../src/storage/open.ts'
import { testFolder } from '../support/deps.ts'
import type { Place } from './contract/backend.ts'
import { DAY } from './contract/samples.ts'
import { insertRow, makeFirstSchema } from './first-schema.ts'
import { createPostgresPlace } from './postgres-place.ts'
import { createSqlitePlace } from './sqlite-place.ts'

const ISSUER = 'http://localhost:4000'
const SECRET = randomToken()
const now = Math.floor(Date.now() / 1000)

/** A client, a person with a session, and a chain of two refresh tokens: as the first version stored them. */
async function fillFirstSchema(place: Place) {
  const [rotated, live] = [randomToken(), randomToken()]
  const grant = { client_id: 'app', user_id: 'u_ada', sid: 'sid-ada', offline: 1 }
  const who = { acr: 'aal1', amr: ['pwd'] }
  const claims = { userinfo: [], idToken: [] }
  const details = { scopes: ['read'], resources: [ISSUER], claims, authTime: now - DAY, ...who }
  await insertRow(place, 'clients', {
    id: 'app',
    secret_hash: sha256(SECRET),
    metadata: JSON.stringify({
      client_name: 'App',
      redirect_uris: ['https://app.example/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read offline_access',
    }),
    has_backchannel_logout: 0,
    created_at: now - 2 * DAY,
    updated_at: now - 2 * DAY,
  })
  await insertRow(place, 'users', {
    id: 'u_ada',
    email: 'ada@example.com',
    email_key: 'ada@example.com',
    email_verified: 1,
    password_hash: null,
    claims: '{}',
    generation: 0,
    disabled_at: null,
    created_at: now - 2 * DAY,
    updated_at: now - 2 * DAY,
  })
  await insertRow(place, 'sessions', {
    sid: 'sid-ada',
    id_hash: sha256(randomToken()),
    user_id: 'u_ada',
    generation: 0,
    auth_time: now - DAY,
    acr: who.acr,
    amr: JSON.stringify(who.amr),
    created_at: now - DAY,
    last_seen_at: now - 600,
    idle_expires_at: now + DAY / 2,
    expires_at: now + 13 * DAY,
  })
  for (const id of ['offline-family', 'online-family']) {
    await insertRow(place, 'families', {
      ...grant,
      id,
      offline: id === 'offline-family' ? 1 : 0,
      details: JSON.stringify(details),
      generation: 0,
      created_at: now - DAY,
      expires_at: now + 364 * DAY,
      revoked_at: null,
      sweep_at: now + 364 * DAY,
    })
  }
  const token = { family_id: 'offline-family', created_at: now - DAY, expires_at: now + 29 * DAY }
  const successor = { rotated_at: now - 600, successor_sealed: 'v1.x', successor_scopes: '["read"]' }
  const none = { rotated_at: null, successor_sealed: null, successor_scopes: null }
  await insertRow(place, 'refresh_tokens', { ...token, ...successor, hash: sha256(rotated) })
  await insertRow(place, 'refresh_tokens', { ...token, ...none, hash: sha256(live) })
  return { rotated, live }
}

const INDEXES = {
  sqlite: "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name",
  postgres: "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'doorward' ORDER BY indexname",
}

describe.each([
  ['sqlite', createSqlitePlace],
  ['postgres', createPostgresPlace],
] as const)('a database of the first version, on %s', (kind, createPlace) => {
  const upgraded = async () => {
    const place: Place = await createPlace()
    onTestFinished(() => place.remove())
    await makeFirstSchema(place, kind)
    return { place, ...(await fillFirstSchema(place)) }
  }
  const databaseOf = async ({ target }: Place) =>
    'dataDir' in target ? target : { url: target.databaseUrl, dataDir: await testFolder() }
  const serve = async (place: Place) => {
    const auth = await createDoorward({ issuer: ISSUER, database: await databaseOf(place), log: false })
    onTestFinished(() => auth.close())
    return async (refreshToken: string) => {
      const authorization = `Basic ${Buffer.from(`app:${SECRET}`).toString('base64')}`
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
      const request = new Request(`${ISSUER}/oauth/token`, {
        method: 'POST',
        headers: { authorization },
        body,
      })
      const response = await auth.fetch(request)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
  }

  it('keeps its refresh tokens: they rotate, and their successors do', async () => {
    const { place, live } = await upgraded()
    const refresh = await serve(place)
    const first = await refresh(live)
    expect(first).toMatchObject({ status: 200, body: { scope: 'read' } })
    const second = await refresh(String(first.body.refresh_token))
    expect(second).toMatchObject({ status: 200, body: { scope: 'read' } })
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token)
  })

  it('still sees the reuse of one that was rotated before, and ends its family (RFC 9700 §4.14.2)', async () => {
    const { place, rotated, live } = await upgraded()
    const refresh = await serve(place)
    expect(await refresh(rotated)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await refresh(live)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('ends what lives by a session with it', async () => {
    const { place } = await upgraded()
    const storage = await openStorage(place.target)
    expect(await storage.sessions.end('sid-ada', now)).toBe(true)
    expect((await storage.families.find('online-family'))?.revokedAt).toBe(now)
    expect((await storage.families.find('offline-family'))?.revokedAt).toBeNull()
    await storage.close()
  })

  it('has the indexes of a new one', async () => {
    const [{ place }, fresh] = [await upgraded(), await createPlace()]
    onTestFinished(() => fresh.remove())
    for (const { target } of [place, fresh]) await (await openStorage(target)).close()
    expect(await place.run(INDEXES[kind])).toEqual(await fresh.run(INDEXES[kind]))
  })
})
