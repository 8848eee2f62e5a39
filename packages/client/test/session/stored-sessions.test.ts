import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cookieJar } from '@doorward/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientStore } from '../../src/ports.ts'
import type { NewSession, SessionKeeper } from '../../src/session/session.ts'
import { storedSessions } from '../../src/session/stored-sessions.ts'
import { sqliteStore } from '../../src/stores/sqlite.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createSealer } from '../../src/vault/seal.ts'

const NOW = 1_800_000_000
const jar = cookieJar('https://app.example.com/')
const sealer = createSealer(createKeyRing(['x'.repeat(32)]), () => NOW)
const lifetimes = { idle: 1000, absolute: 5000 }

let folder: string
let store: ClientStore
let keeper: SessionKeeper

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorward-test-'))
  store = sqliteStore({ file: join(folder, 'sessions.db') })
  keeper = storedSessions({ store, jar, sealer, lifetimes })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const someone = (subject: string): NewSession => ({
  user: {
    ...{ provider: 'oidc', subject, email: null, emailVerified: false, name: null, picture: null },
    claims: { sub: subject },
  },
  userId: null,
  upstreamSid: `sid-${subject}`,
  tokens: {
    ...{ accessToken: `at-${subject}`, refreshToken: `rt-${subject}`, idToken: null, scope: 'a' },
    ...{ expiresAt: NOW + 60, tokenType: 'bearer' },
  },
})
const open = async (subject: string, before: string | null = null): Promise<string> => {
  const [line = ''] = await keeper.open(someone(subject), before, NOW)
  return line.split(';', 1)[0] ?? ''
}

describe('a stored session', () => {
  it('is found by the id in its cookie, of which the store has the hash alone', async () => {
    const cookie = await open('jane')
    expect(await keeper.find(cookie, NOW)).toMatchObject({
      user: someone('jane').user,
      expiresAt: NOW + 5000,
    })
    const files = await readdir(folder)
    const dump = (await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))).join('')
    expect(dump).toContain('jane')
    expect(dump).not.toContain(cookie.split('=')[1])
    expect(dump).not.toContain('at-jane')
  })

  it('gets a new id at each sign-in, and the one before ends (session fixation)', async () => {
    const before = await open('fay')
    const after = await open('fay', before)
    expect(after).not.toBe(before)
    expect(await keeper.find(before, NOW)).toBeNull()
    expect(await keeper.find(after, NOW)).not.toBeNull()
  })

  it('is never begun under an id that the browser chose', async () => {
    const chosen = `${jar.name('dw-session')}=chosen`
    expect(await keeper.find(chosen, NOW)).toBeNull()
    expect(await open('eve', chosen)).not.toBe(chosen)
    expect(await keeper.find(chosen, NOW)).toBeNull()
  })

  it('ends when nothing is asked for its idle time, and lives on with each request', async () => {
    const idle = await open('ida')
    expect(await keeper.find(idle, NOW + 1001)).toBeNull()
    const active = await open('ada')
    for (const at of [900, 1800, 2700]) expect(await keeper.find(active, NOW + at)).not.toBeNull()
  })

  it.each([
    [90, [59, 95, 160]],
    [60, [16, 70, 125]],
    [2, [1, 2, 3, 4, 5]],
  ])('lives on with each request where its idle time is %i seconds', async (idle, times) => {
    const brief = storedSessions({ store, jar, sealer, lifetimes: { idle, absolute: 5000 } })
    const [line = ''] = await brief.open(someone('bea'), null, NOW)
    const cookie = line.split(';', 1)[0] ?? ''
    for (const at of times) expect(await brief.find(cookie, NOW + at)).not.toBeNull()
    expect(await brief.find(cookie, NOW + (times.at(-1) ?? 0) + idle + 1)).toBeNull()
  })

  it('ends after its absolute time however active', async () => {
    const cookie = await open('max')
    for (let at = 900; at < 5000; at += 900) expect(await keeper.find(cookie, NOW + at)).not.toBeNull()
    expect(await keeper.find(cookie, NOW + 5001)).toBeNull()
  })

  it('ends with its cookie, and answers the tokens that are to be revoked', async () => {
    const cookie = await open('lea')
    const { session, tokens, cookies } = await keeper.end(cookie, NOW)
    expect([session?.user.subject, tokens?.refreshToken]).toEqual(['lea', 'rt-lea'])
    expect(cookies[0]).toContain('Max-Age=0')
    expect(await keeper.find(cookie, NOW)).toBeNull()
  })

  it('ends by its ref, or with all of its account', async () => {
    const cookies = [await open('sue'), await open('sue'), await open('tom')]
    const session = await keeper.find(cookies[0] ?? '', NOW)
    expect((await keeper.endOne(session?.ref ?? '', 'oidc'))?.accessToken).toBe('at-sue')
    expect((await keeper.endAll('oidc', 'sue')).map(({ accessToken }) => accessToken)).toEqual(['at-sue'])
    expect(await Promise.all(cookies.map((cookie) => keeper.find(cookie, NOW)))).toMatchObject([
      null,
      null,
      { user: { subject: 'tom' } },
    ])
  })

  it('hands tokens only to the provider that they are sealed with, whatever the plain row says', async () => {
    const [cookie = ''] = await keeper.open(someone('moved'), null, NOW)
    const header = cookie.split(';')[0] ?? ''
    const ref = (await keeper.find(header, NOW))?.ref ?? ''
    expect(await keeper.endOne(ref, 'another')).toBeNull()
  })
})
