import { describe, expect, it } from 'vitest'
import { emailKey } from '../../../src/storage/email-key.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'
import type { Given } from './backend.ts'
import {
  aCode,
  aFamily,
  aHash,
  aSeed,
  aSession,
  aTokenHash,
  atOnce,
  findSession,
  isLive,
  mint,
  NOW,
  signIn,
} from './samples.ts'

export function describeCodes(given: Given): void {
  describe('codes', () => {
    it('keeps a code as it was given', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const code = aCode(grant)
      const firstParty = aCode(grant, { redirectUri: null, codeChallenge: null, nonce: null })
      for (const item of [code, firstParty]) await storage.codes.insert(item)
      expect((await storage.codes.find(code.hash, NOW))?.code).toEqual(code)
      expect((await storage.codes.find(firstParty.hash, NOW))?.code).toEqual(firstParty)
      expect(await storage.codes.find(aTokenHash(), NOW)).toBeNull()
    })

    it('finds a code with its person, and its session while that lives', async () => {
      const { storage } = given()
      const { user, session, grant } = await signIn(storage, { session: { idleExpiresAt: NOW + 100 } })
      const code = aCode(grant)
      await storage.codes.insert(code)
      expect(await storage.codes.find(code.hash, NOW + 99)).toEqual({ code, user, session, generation: 0 })
      expect(await storage.codes.find(code.hash, NOW + 100)).toEqual({
        code,
        user,
        session: null,
        generation: 0,
      })
      await storage.users.disable(user.id, NOW)
      expect((await storage.codes.find(code.hash, NOW))?.session).toBeNull()
    })

    it('mints a live family for a person whose password is a new one', async () => {
      const { storage } = given()
      const { user, grant } = await signIn(storage)
      await storage.users.setPassword(user.id, 'new', NOW)
      const session = aSession(user.id)
      await storage.sessions.insert(session, aHash())
      const { family } = await mint(storage, { ...grant, sid: session.sid })
      expect(await isLive(storage, family)).toBe(true)
    })

    it('finds no session that began before its person changed the password, however late it was stored', async () => {
      const { storage } = given()
      const { user, grant } = await signIn(storage)
      const before = await storage.users.findForSignIn(emailKey(user.email ?? ''))
      await storage.users.setPassword(user.id, '$argon2id$other', NOW)
      const late = { ...aSession(user.id), generation: before?.generation ?? -1 }
      await storage.sessions.insert(late, aHash())
      const code = aCode({ ...grant, sid: late.sid })
      await storage.codes.insert(code)
      expect((await storage.codes.find(code.hash, NOW))?.session).toBeNull()
    })

    it('finds no session of somebody else, and none that ended', async () => {
      const { storage } = given()
      const [own, stranger] = [await signIn(storage), await signIn(storage)]
      const [code, foreign] = [aCode(own.grant), aCode({ ...own.grant, sid: stranger.session.sid })]
      for (const item of [code, foreign]) await storage.codes.insert(item)
      expect((await storage.codes.find(foreign.hash, NOW))?.session).toBeNull()
      await storage.sessions.end(own.session.sid, NOW)
      expect((await storage.codes.find(code.hash, NOW))?.session).toBeNull()
    })

    it('stores a session and its code in one, each as it was given', async () => {
      const { storage, other } = given()
      const { user, grant } = await signIn(storage)
      const [session, idHash] = [aSession(user.id), aHash()]
      const code = aCode({ ...grant, sid: session.sid }, { redirectUri: null })
      await storage.codes.insertWithSession(session, idHash, code)
      expect((await other.codes.find(code.hash, NOW))?.code).toEqual(code)
      expect(await other.sessions.findLive([idHash], NOW)).toEqual([{ session, user, idHash }])
      const minted = { family: aFamily(code.grant), refreshToken: null, generation: 0 }
      expect(await other.codes.redeem(code.hash, minted, NOW)).toEqual({ kind: 'redeemed' })
    })

    it('stores no session without its code: one whose hash is taken leaves neither', async () => {
      const { storage } = given()
      const { user, grant } = await signIn(storage)
      const [session, idHash] = [aSession(user.id), aHash()]
      const taken = aCode(grant)
      await storage.codes.insert(taken)
      const again = aCode({ ...grant, sid: session.sid }, { hash: taken.hash })
      const stored = storage.codes.insertWithSession(session, idHash, again)
      await expect(stored).rejects.toThrow(StorageError)
      expect(await findSession(storage, idHash)).toBeNull()
      expect((await storage.codes.find(taken.hash, NOW))?.code).toEqual(taken)
    })

    it('stores what a code mints in the step that consumes it', async () => {
      const { storage, other } = given()
      const { user, session, grant } = await signIn(storage)
      const { code, family, seed } = await mint(storage, grant)
      expect((await other.codes.find(code.hash, NOW))?.code).toEqual({
        ...code,
        consumedAt: NOW,
        familyId: family.id,
      })
      expect(await other.families.find(family.id)).toEqual(family)
      expect(await other.refreshTokens.find(seed.hash, NOW)).toEqual({
        token: {
          hash: seed.hash,
          familyId: family.id,
          createdAt: NOW,
          expiresAt: seed.expiresAt,
          rotatedAt: null,
          successor: null,
        },
        family,
        user,
        session,
      })
    })

    it('mints no refresh token where none is given', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const [code, family] = [aCode(grant), aFamily(grant)]
      await storage.codes.insert(code)
      expect(
        await storage.codes.redeem(code.hash, { family, refreshToken: null, generation: 0 }, NOW),
      ).toEqual({
        kind: 'redeemed',
      })
      expect(await isLive(storage, family)).toBe(true)
    })

    it('revokes what the first use minted when a code is used again (RFC 6749 §4.1.2)', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const { code, family } = await mint(storage, grant)
      const again = { family: aFamily(grant), refreshToken: aSeed(), generation: 0 }
      expect(await storage.codes.redeem(code.hash, again, NOW + 1)).toEqual({
        kind: 'replayed',
        familyId: family.id,
      })
      expect((await storage.families.find(family.id))?.revokedAt).toBe(NOW + 1)
      expect(await storage.families.find(again.family.id)).toBeNull()
      expect(await storage.refreshTokens.find(again.refreshToken.hash, NOW + 1)).toBeNull()
    })

    it('sees a replay after the code has expired', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const { code, family } = await mint(storage, grant)
      const answer = await storage.codes.redeem(
        code.hash,
        { family: aFamily(grant), refreshToken: null, generation: 0 },
        NOW + 3600,
      )
      expect(answer).toEqual({ kind: 'replayed', familyId: family.id })
    })

    it('revokes what a code minted for who has seen the replay already', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const { code, family } = await mint(storage, grant)
      const unused = aCode(grant)
      await storage.codes.insert(unused)
      expect(await storage.codes.revokeMinted(code.hash, NOW + 2)).toBe(family.id)
      expect(await storage.codes.revokeMinted(code.hash, NOW + 3)).toBe(family.id)
      expect((await storage.families.find(family.id))?.revokedAt).toBe(NOW + 2)
      expect(await storage.codes.revokeMinted(unused.hash, NOW)).toBeNull()
      expect(await storage.codes.revokeMinted(aTokenHash(), NOW)).toBeNull()
    })

    it('redeems exactly one of 50 at once, on two connections', async () => {
      const { storage, other } = given()
      const { grant } = await signIn(storage)
      const code = aCode(grant)
      await storage.codes.insert(code)
      const minted = Array.from({ length: 50 }, () => ({
        family: aFamily(grant),
        refreshToken: aSeed(),
        generation: 0,
      }))
      const answers = await atOnce(50, [storage, other], (at, index) => {
        const own = minted[index]
        if (own === undefined) throw new Error('nothing to mint')
        return at.codes.redeem(code.hash, own, NOW)
      })
      const winners = answers.flatMap((answer, index) => (answer.kind === 'redeemed' ? [index] : []))
      expect(winners).toHaveLength(1)
      const winner = minted[winners[0] ?? -1]?.family.id
      for (const [index, answer] of answers.entries()) {
        if (index !== winners[0]) expect(answer).toEqual({ kind: 'replayed', familyId: winner })
      }
      const stored = await Promise.all(minted.map(({ family }) => storage.families.find(family.id)))
      expect(stored.filter((family) => family !== null)).toHaveLength(1)
      const tokens = await Promise.all(
        minted.map(({ refreshToken }) => storage.refreshTokens.find(refreshToken.hash, NOW)),
      )
      expect(tokens.filter((token) => token !== null)).toHaveLength(1)
    })

    it.each([
      ['has expired', async () => undefined, NOW + 60],
      ['has no session any more', async ({ storage, sid }: Ended) => storage.sessions.end(sid, NOW), NOW],
      ['has a disabled user', async ({ storage, userId }: Ended) => storage.users.disable(userId, NOW), NOW],
      ['has a deleted user', async ({ storage, userId }: Ended) => storage.users.delete(userId, NOW), NOW],
      [
        'has a deleted client',
        async ({ storage, clientId }: Ended) => storage.clients.delete(clientId, NOW),
        NOW,
      ],
    ])('does not redeem a code that %s', async (_why, end, now) => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const [code, family] = [aCode(grant), aFamily(grant)]
      await storage.codes.insert(code)
      await end({ storage, ...grant })
      expect(
        await storage.codes.redeem(code.hash, { family, refreshToken: null, generation: 0 }, now),
      ).toEqual({
        kind: 'dead',
      })
      expect(await storage.families.find(family.id)).toBeNull()
    })

    it('does not redeem a code whose session its user had outgrown when both were stored', async () => {
      const { storage } = given()
      const { user, grant } = await signIn(storage)
      const generation = (await storage.users.findForSignIn(emailKey(user.email)))?.generation ?? -1
      await storage.users.setPassword(user.id, 'new', NOW)
      const [session, idHash] = [aSession(user.id), aHash()]
      const [code, family] = [aCode({ ...grant, sid: session.sid }), aFamily(grant)]
      await storage.codes.insertWithSession({ ...session, generation }, idHash, code)
      expect(await findSession(storage, idHash)).toBeNull()
      expect(
        await storage.codes.redeem(code.hash, { family, refreshToken: null, generation: 0 }, NOW),
      ).toEqual({
        kind: 'dead',
      })
    })

    it("does not redeem a code whose session is another person's", async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const another = await signIn(storage)
      const mixed = { ...grant, sid: another.session.sid }
      const [code, family] = [aCode(mixed), aFamily(mixed)]
      await storage.codes.insert(code)
      expect(
        await storage.codes.redeem(code.hash, { family, refreshToken: null, generation: 0 }, NOW),
      ).toEqual({
        kind: 'dead',
      })
    })

    it('does not redeem an unknown code', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const minted = { family: aFamily(grant), refreshToken: null, generation: 0 }
      expect(await storage.codes.redeem(aTokenHash(), minted, NOW)).toEqual({ kind: 'dead' })
    })
  })
}

type Ended = {
  readonly storage: ReturnType<Given>['storage']
  readonly sid: string
  readonly userId: string
  readonly clientId: string
}
