import { randomToken, sha256 } from '@doorward/core/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientStore } from '../../src/ports.ts'
import type { Backend, Place } from './place.ts'
import { aRow, aSession, atOnce, NOW, signIn } from './samples.ts'

type Given = () => { readonly place: Place; readonly store: ClientStore; readonly other: ClientStore }

/** What every database must do, tried on two stores over one place, as of two processes. */
export function describeContract(backend: Backend): void {
  describe(`a store on ${backend.name}`, () => {
    let place: Place
    let store: ClientStore
    let other: ClientStore
    beforeAll(async () => {
      place = await backend.createPlace()
      ;[store, other] = [place.open(), place.open()]
    })
    afterAll(async () => {
      await Promise.all([store.close(), other.close()])
      await place.remove()
    })
    const given: Given = () => ({ place, store, other })
    describeSessions(given)
    describeVault(given)
    describeLease(given)
    describeReplays(given)
    describeSweep(given)
    describeSweptTokens(given)
    describeStarts(backend)
  })
}

function describeSessions(given: Given): void {
  describe('sessions', () => {
    it('are found until they have been idle for too long, or are over', async () => {
      const { store, other } = given()
      const session = aSession({ upstreamSid: 'sid', userId: '42' })
      await store.sessions.insert(session, null)
      expect(await other.sessions.find(session.idHash, NOW + 599)).toEqual(session)
      expect(await other.sessions.find(session.idHash, NOW + 600)).toBeNull()
      expect(await other.sessions.find('unknown', NOW)).toBeNull()
    })

    it('live on with use, never past their end, and no late news takes that back', async () => {
      const { store } = given()
      const { idHash, ...rest } = aSession()
      await store.sessions.insert({ idHash, ...rest }, null)
      await store.sessions.touch(idHash, NOW + 500, NOW + 1100)
      await store.sessions.touch(idHash, NOW + 400, NOW + 1000)
      expect(await store.sessions.find(idHash, NOW + 1099)).toMatchObject({ seenAt: NOW + 500 })
      await store.sessions.touch(idHash, NOW + 1099, NOW + 9000)
      expect(await store.sessions.find(idHash, NOW + 3599)).toMatchObject({ idleUntil: NOW + 3600 })
      expect(await store.sessions.find(idHash, NOW + 3600)).toBeNull()
    })

    it('and their tokens are stored together or not at all', async () => {
      const { store } = given()
      const { row } = await signIn(store)
      const session = aSession()
      await expect(store.sessions.insert(session, { ...row })).rejects.toThrow(/UNIQUE|duplicate/)
      expect(await store.sessions.find(session.idHash, NOW)).toBeNull()
    })

    it('end once, and hand their tokens to the one who ended them', async () => {
      const { store, other } = given()
      const { session, row } = await signIn(store)
      const ended = await atOnce(50, [store, other], (at) => at.sessions.delete(session.idHash))
      expect(ended.filter((tokens) => tokens !== null)).toEqual([row])
      expect(await store.sessions.find(session.idHash, NOW)).toBeNull()
      expect(await store.vault.find(row.ref)).toBeNull()
    })

    it('of one person at one provider end together, and nobody else’s', async () => {
      const { store, other } = given()
      const subject = randomToken(8)
      const [one, two] = [await signIn(store, { subject }), await signIn(other, { subject })]
      const elsewhere = await signIn(store, { subject, provider: 'github' })
      const ended = await store.sessions.deleteForSubject('google', subject)
      expect(new Set(ended)).toEqual(new Set([one.row, two.row]))
      expect(await other.sessions.find(elsewhere.session.idHash, NOW)).not.toBeNull()
      expect(await other.vault.find(elsewhere.row.ref)).toEqual(elsewhere.row)
    })

    it('end together however many they are', async () => {
      const { store, other } = given()
      const subject = randomToken(8)
      const all = await atOnce(250, [store, other], (at) => signIn(at, { subject }))
      const ended = await store.sessions.deleteForSubject('google', subject)
      expect(new Set(ended)).toEqual(new Set(all.map(({ row }) => row)))
    })

    const endUpstream = (
      store: ClientStore,
      named: { provider?: string; sid?: string | null; subject?: string | null },
      key = randomToken(),
    ) => {
      const logout = { provider: 'google', sid: null, subject: null, ...named }
      return store.sessions.endUpstream({ ...logout, once: { key, expiresAt: NOW + 60 } }, NOW)
    }

    it('that a provider’s own session opened end with that, and those of its person that know of none', async () => {
      const { store } = given()
      const [subject, sid] = [randomToken(8), randomToken(8)]
      const [one, unnamed, another] = [
        await signIn(store, { subject, upstreamSid: sid }),
        await signIn(store, { subject, upstreamSid: null }),
        await signIn(store, { subject, upstreamSid: 'another' }),
      ]
      const alive = async (of: typeof one) => (await store.sessions.find(of.session.idHash, NOW)) !== null
      expect(await endUpstream(store, { provider: 'github', sid, subject })).toBe(true)
      expect(await alive(one)).toBe(true)
      expect(await endUpstream(store, { sid, subject })).toBe(true)
      expect(await Promise.all([alive(one), alive(unnamed), alive(another)])).toEqual([false, false, true])
      expect(await store.vault.find(one.row.ref)).toBeNull()
      expect(await endUpstream(store, { subject })).toBe(true)
      expect(await alive(another)).toBe(false)
    })

    it('end by one logout token once: a replay ends nothing', async () => {
      const { store, other } = given()
      const [subject, key] = [randomToken(8), randomToken()]
      await signIn(store, { subject })
      const told = await atOnce(10, [store, other], (at) => endUpstream(at, { subject }, key))
      expect(told.filter((first) => first)).toHaveLength(1)
      const later = await signIn(store, { subject })
      expect(await endUpstream(other, { subject }, key)).toBe(false)
      expect(await store.sessions.find(later.session.idHash, NOW)).not.toBeNull()
    })
  })
}

function describeVault(given: Given): void {
  describe('the vault', () => {
    it('puts a row in the place of another under a higher version, and frees its lease', async () => {
      const { store, other } = given()
      const row = aRow()
      await store.vault.put(row)
      await store.vault.lease(row.ref, row.version, { holder: 'a', now: NOW, until: NOW + 9 })
      const again = aRow({ ref: row.ref, keyId: 'key-2' })
      await other.vault.put(again)
      const found = await store.vault.find(row.ref)
      expect(found).toEqual({ ...again, version: row.version + 1 })
      expect(await store.vault.replace({ ...row, version: row.version + 1 })).toBe(false)
      await store.vault.delete(row.ref)
      expect(await store.vault.find(row.ref)).toBeNull()
    })

    it('knows its rows by their keys', async () => {
      const { store } = given()
      const keyId = randomToken(6)
      for (let rows = 0; rows < 3; rows += 1) await store.vault.put(aRow({ keyId }))
      expect(await store.vault.findByKey(keyId, 2)).toHaveLength(2)
      expect((await store.vault.countByKey()).get(keyId)).toBe(3)
      expect(await store.vault.findByKey('unknown', 2)).toEqual([])
    })

    it('puts a data key sealed anew only where the row it belongs to still is', async () => {
      const { store, other } = given()
      const row = aRow()
      await store.vault.put(row)
      expect(await other.vault.reseal(row, 'key-2', 'anew')).toBe(true)
      expect(await store.vault.find(row.ref)).toEqual({ ...row, keyId: 'key-2', sealedKey: 'anew' })
      await store.vault.delete(row.ref)
      const successor = aRow({ ref: row.ref, version: row.version })
      await store.vault.put(successor)
      expect(await other.vault.reseal(row, 'key-2', 'damage')).toBe(false)
      expect(await store.vault.find(row.ref)).toEqual(successor)
    })
  })
}

function describeLease(given: Given): void {
  const until = NOW + 6
  describe('the lease of a row', () => {
    it('goes to exactly one of 50 who ask at once, on two connections', async () => {
      const { store, other } = given()
      const row = aRow()
      await store.vault.put(row)
      const got = await atOnce(50, [store, other], (at, index) =>
        at.vault.lease(row.ref, row.version, { holder: `h${index}`, now: NOW, until }),
      )
      expect(got.filter(Boolean)).toHaveLength(1)
    })

    it('is prolonged by its holder, taken over when it ran out, and freed by its holder alone', async () => {
      const { store, other } = given()
      const { ref, version, ...rest } = aRow()
      await store.vault.put({ ref, version, ...rest })
      const lease = (holder: string, now: number) =>
        other.vault.lease(ref, version, { holder, now, until: now + 6 })
      expect(await lease('a', NOW)).toBe(true)
      expect(await lease('a', NOW + 4)).toBe(true)
      expect(await lease('b', NOW + 9)).toBe(false)
      await store.vault.release(ref, 'b')
      expect(await lease('b', NOW + 9)).toBe(false)
      expect(await lease('b', NOW + 10)).toBe(true)
      await store.vault.release(ref, 'b')
      expect(await lease('c', NOW + 10)).toBe(true)
    })

    it('is not to be had for a version that is past', async () => {
      const { store } = given()
      const row = aRow()
      await store.vault.put(row)
      const next = aRow({ ref: row.ref, version: row.version + 1 })
      expect(await store.vault.replace(next)).toBe(true)
      expect(await store.vault.lease(row.ref, row.version, { holder: 'a', now: NOW, until })).toBe(false)
      expect(await store.vault.lease(row.ref, next.version, { holder: 'a', now: NOW, until })).toBe(true)
    })

    it('lets the first of 50 answers replace the row, and no other', async () => {
      const { store, other } = given()
      const row = aRow()
      await store.vault.put(row)
      await store.vault.lease(row.ref, row.version, { holder: 'a', now: NOW, until })
      const answers = Array.from({ length: 50 }, () => aRow({ ref: row.ref, version: row.version + 1 }))
      const kept = await atOnce(50, [store, other], async (at, index) => {
        const answer = answers[index] ?? row
        return (await at.vault.replace(answer)) ? answer : null
      })
      const winners = kept.filter((answer) => answer !== null)
      expect(winners).toHaveLength(1)
      expect([await store.vault.find(row.ref)]).toEqual(winners)
    })

    it('brings back no row that was deleted', async () => {
      const { store } = given()
      const { session, row } = await signIn(store)
      await store.sessions.delete(session.idHash)
      expect(await store.vault.replace({ ...row, version: row.version + 1 })).toBe(false)
      expect(await store.vault.find(row.ref)).toBeNull()
    })
  })
}

function describeReplays(given: Given): void {
  describe('replays', () => {
    it('let one of 50 through, and the next when its time is over', async () => {
      const { store, other } = given()
      const key = randomToken(3000)
      const insert = (at: ClientStore, now: number) => at.replays.insertOnce(key, now + 60, now)
      const first = await atOnce(50, [store, other], (at) => insert(at, NOW))
      expect(first.filter(Boolean)).toHaveLength(1)
      expect(await insert(other, NOW + 59)).toBe(false)
      const later = await atOnce(50, [store, other], (at) => insert(at, NOW + 60))
      expect(later.filter(Boolean)).toHaveLength(1)
    })
  })
}

function describeSweep(given: Given): void {
  it('sweeps what is over, with its tokens, in batches, and leaves what lives', async () => {
    const { place, store } = given()
    for (const table of ['sessions', 'vault', 'replays']) await place.run(`DELETE FROM doorward_${table}`)
    const idle = [await signIn(store), await signIn(store), await signIn(store)]
    const alive = await signIn(store, { idleUntil: NOW + 3000 })
    await store.vault.put(aRow({ expiresAt: NOW + 700 }))
    await store.replays.insertOnce('jti', NOW + 700, NOW)
    const swept = async (now: number) => store.sweep(now, 2)
    expect(await swept(NOW + 599)).toEqual({ rows: 0, tokens: [] })
    const batches = [await swept(NOW + 700), await swept(NOW + 700), await swept(NOW + 700)]
    expect(batches.map(({ rows }) => rows)).toEqual([2, 2, 1])
    expect(new Set(batches.flatMap(({ tokens }) => tokens))).toEqual(new Set(idle.map(({ row }) => row)))
    expect(await swept(NOW + 700)).toEqual({ rows: 0, tokens: [] })
    for (const { row } of idle) expect(await store.vault.find(row.ref)).toBeNull()
    expect(await store.vault.find(alive.row.ref)).toEqual(alive.row)
    expect(await store.sessions.find(alive.session.idHash, NOW + 700)).not.toBeNull()
  })
}

function describeSweptTokens(given: Given): void {
  it('hands no tokens out of a person who is signed in elsewhere at the provider, until that is over too', async () => {
    const { store } = given()
    const subject = randomToken(8)
    const one = await signIn(store, { subject })
    const elsewhere = await signIn(store, { subject, provider: 'github' })
    const [two, other] = [await signIn(store, { subject, idleUntil: NOW + 3000 }), await signIn(store)]
    const tokensAt = async (now: number) => new Set((await store.sweep(now, 100)).tokens)
    expect(await tokensAt(NOW + 700)).toEqual(new Set([elsewhere.row, other.row]))
    expect(await store.vault.find(one.row.ref)).toBeNull()
    expect(await tokensAt(NOW + 3000)).toContainEqual(two.row)
  })

  it('hands the tokens out to one of two who sweep at once', async () => {
    const { store, other } = given()
    const all = await atOnce(60, [store, other], (at) => signIn(at))
    const swept = await atOnce(6, [store, other], (at) => at.sweep(NOW + 700, 100))
    const tokens = swept.flatMap((one) => one.tokens)
    expect(new Set(tokens)).toEqual(new Set(all.map(({ row }) => row)))
    expect(tokens).toHaveLength(60)
  })
}

function describeStarts(backend: Backend): void {
  describe('tables', () => {
    it('are made once by twelve stores that start at once, and found by later ones', async () => {
      const place = await backend.createPlace()
      const stores = Array.from({ length: 12 }, () => place.open())
      const session = aSession()
      await Promise.all(stores.map((store) => store.sessions.find(session.idHash, NOW)))
      await stores[0]?.sessions.insert(session, null)
      expect(await stores[11]?.sessions.find(session.idHash, NOW)).toEqual(session)
      await Promise.all(stores.map((store) => store.close()))
      expect(await place.run('SELECT * FROM doorward_migrations')).toHaveLength(1)
      await place.remove()
    })

    it('that a newer version changed are left alone', async () => {
      const place = await backend.createPlace()
      const first = place.open()
      await first.sweep(NOW, 1)
      await place.run('INSERT INTO doorward_migrations (step) VALUES (99)')
      const store = place.open()
      await expect(store.sweep(NOW, 1)).rejects.toThrow(/newer version of @doorward\/client/)
      await place.run('DELETE FROM doorward_migrations WHERE step = 99')
      // A failure is not kept.
      expect(await store.sweep(NOW, 1)).toEqual({ rows: 0, tokens: [] })
      await Promise.all([first.close(), store.close()])
      await place.remove()
    })

    it('serve nobody once the store is closed', async () => {
      const place = await backend.createPlace()
      const store = place.open()
      await store.replays.insertOnce(sha256('x'), NOW + 1, NOW)
      await store.close()
      await store.close()
      await expect(store.sweep(NOW, 1)).rejects.toThrow(/closed/)
      await place.remove()
    })
  })
}
