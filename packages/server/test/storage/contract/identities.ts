import { describe, expect, it } from 'vitest'
import { emailKey } from '../../../src/storage/email-key.ts'
import type { Storage } from '../../../src/storage/ports.ts'
import type { User } from '../../../src/storage/records.ts'
import type { Given } from './backend.ts'
import {
  aHash,
  anIdentity,
  aSession,
  atOnce,
  aUser,
  findSession,
  isLive,
  mint,
  NOW,
  signIn,
} from './samples.ts'

export function describeIdentities(given: Given): void {
  describe('identities', () => {
    it('are kept as they were given, and found by authority and subject together', async () => {
      const { storage, other } = given()
      const user = aUser()
      const identity = anIdentity(user.id)
      expect(await storage.identities.insertWithUser(identity, user)).toBe(true)
      const found = await other.identities.find(identity.authority, identity.subject)
      expect(found).toEqual({ identity, proven: { user, generation: 0 } })
      expect(await storage.identities.find('https://elsewhere.example', identity.subject)).toBeNull()
      expect(await storage.identities.find(identity.authority, 'nobody')).toBeNull()
      expect(await storage.identities.ofUser(user.id)).toEqual([identity])
      expect(await storage.identities.ofUser('u_nobody')).toEqual([])
    })

    it('note their last use, and through which provider', async () => {
      const { storage } = given()
      const { identity, user } = await withIdentity(storage)
      const seen = { provider: 'renamed', label: null }
      expect(await storage.identities.touch(identity.id, seen, NOW + 9)).toBe(true)
      expect(await storage.identities.ofUser(user.id)).toEqual([
        { ...identity, ...seen, lastUsedAt: NOW + 9 },
      ])
      expect(await storage.identities.touch('i_nobody', seen, NOW)).toBe(false)
    })

    it('make one account of fifty first sign-ins at once', async () => {
      const { storage, other } = given()
      const [{ email }, { subject }] = [aUser(), anIdentity('')]
      const answers = await atOnce(50, [storage, other], async (one) => {
        const user = aUser({ email })
        return (await one.identities.insertWithUser(anIdentity(user.id, { subject }), user)) ? user.id : null
      })
      const winners = answers.filter((answer) => answer !== null)
      expect(winners).toHaveLength(1)
      expect((await storage.users.findByEmailKey(emailKey(email)))?.id).toBe(winners[0])
      expect((await storage.identities.find(anIdentity('').authority, subject))?.proven.user.id).toBe(
        winners[0],
      )
    })

    it('are not stored without their user, nor the user without them', async () => {
      const { storage } = given()
      const { identity, user } = await withIdentity(storage)
      const [late, sameMail] = [aUser(), aUser({ email: user.email.toUpperCase() })]
      expect(
        await storage.identities.insertWithUser(anIdentity(late.id, { subject: identity.subject }), late),
      ).toBe(false)
      expect(await storage.users.findById(late.id)).toBeNull()
      const free = anIdentity(sameMail.id)
      expect(await storage.identities.insertWithUser(free, sameMail)).toBe(false)
      // Nothing of it is left in the way of its next try.
      expect(await storage.identities.insertWithUser({ ...free, userId: late.id }, late)).toBe(true)
    })

    it('are linked with the owner of an e-mail only while the user is as it was read', async () => {
      const { storage } = given()
      const link = async (user: User, generation = 0) => {
        await storage.users.insert(user)
        return storage.identities.insertForOwner(anIdentity(user.id), { user, generation })
      }
      expect(await link(aUser())).toBe(true)
      expect(await link(aUser({ emailVerified: false }))).toBe(false)
      expect(await link(aUser({ disabledAt: NOW }))).toBe(false)
      expect(await link(aUser(), 1)).toBe(false)
      const gone = aUser()
      const proven = { user: gone, generation: 0 }
      expect(await storage.identities.insertForOwner(anIdentity(gone.id), proven)).toBe(false)
      const { identity } = await withIdentity(storage)
      const another = aUser()
      await storage.users.insert(another)
      const taken = anIdentity(another.id, { subject: identity.subject })
      expect(await storage.identities.insertForOwner(taken, { user: another, generation: 0 })).toBe(false)
    })

    it('are linked on the word of a session of the same user that is live', async () => {
      const { storage } = given()
      const { user, session } = await signIn(storage)
      const { session: foreign } = await signIn(storage)
      const link = (sid: string, own = {}) =>
        storage.identities.insertInSession(anIdentity(user.id, own), sid)
      expect(await link(foreign.sid)).toBe('session_ended')
      expect(await link('nothing')).toBe('session_ended')
      expect(await link(session.sid, { createdAt: session.idleExpiresAt })).toBe('session_ended')
      expect(await link(session.sid, { subject: `s-${user.id}` })).toBe('linked')
      expect(await link(session.sid, { subject: `s-${user.id}` })).toBe('taken')
      await storage.sessions.end(session.sid, NOW)
      expect(await link(session.sid)).toBe('session_ended')
      expect(await storage.identities.ofUser(user.id)).toHaveLength(1)
    })

    it('go with their user', async () => {
      const { storage } = given()
      const { identity, user } = await withIdentity(storage)
      await storage.users.delete(user.id, NOW)
      expect(await storage.identities.find(identity.authority, identity.subject)).toBeNull()
      expect(await storage.identities.ofUser(user.id)).toEqual([])
    })
  })
  describeReclaim(given)
  describeUnlinking(given)
}

function describeReclaim(given: Given): void {
  describe('an account that the owner of its e-mail reclaims', () => {
    it('keeps its id and roles, and nothing that whoever had it before could use', async () => {
      const { storage, other } = given()
      const { squatter, idHash, family } = await aSquat(storage)
      await storage.roles.insert(`role-${squatter.id}`, NOW)
      await storage.roles.grant(`role-${squatter.id}`, { kind: 'user', id: squatter.id }, NOW)
      const identity = anIdentity(squatter.id, { createdAt: NOW + 5, lastUsedAt: NOW + 5 })
      const owner = { email: squatter.email.toUpperCase(), claims: { name: 'The owner' }, generation: 0 }
      const user = { ...squatter, ...owner, emailVerified: true, passwordHash: null, updatedAt: NOW + 5 }
      const { generation: _, ...record } = user
      expect(await other.identities.reclaim(identity, owner)).toEqual({ user: record, generation: 1 })
      expect(await storage.users.findForSignIn(emailKey(squatter.email))).toEqual({
        user: record,
        generation: 1,
      })
      expect(await storage.identities.ofUser(squatter.id)).toEqual([identity])
      expect(await findSession(storage, idHash, NOW + 5)).toBeNull()
      expect(await isLive(storage, family)).toBe(false)
      expect(await storage.consents.find(squatter.id, family.grant.clientId)).toEqual([])
      const late = aHash()
      await storage.sessions.insert({ ...aSession(squatter.id), generation: 0 }, late)
      expect(await findSession(storage, late)).toBeNull()
      expect((await storage.roles.of({ kind: 'user', id: squatter.id }, 'r')).roles).toHaveLength(1)
    })

    it('is left alone where it is verified, disabled, changed, or the identity is somebody else’s', async () => {
      const { storage } = given()
      const reclaim = async (own: Partial<User>, change: { generation?: number; subject?: string } = {}) => {
        const user = aUser({ emailVerified: false, ...own })
        await storage.users.insert(user)
        const { generation = 0, ...rest } = change
        const owner = { email: user.email, claims: {}, generation }
        expect(await storage.identities.reclaim(anIdentity(user.id, rest), owner)).toBeNull()
        expect(await storage.users.findById(user.id)).toEqual(user)
        expect(await storage.identities.ofUser(user.id)).toEqual([])
      }
      const { identity } = await withIdentity(storage)
      await reclaim({ emailVerified: true })
      await reclaim({ disabledAt: NOW })
      await reclaim({}, { generation: 1 })
      await reclaim({}, { subject: identity.subject })
    })

    it('has one owner of several at once, and no identity that a squatter links meanwhile', async () => {
      const { storage, other } = given()
      const { squatter, session } = await aSquat(storage)
      const owner = { email: squatter.email, claims: {}, generation: 0 }
      const answers = await atOnce(20, [storage, other], async (one, at) => {
        const identity = anIdentity(squatter.id)
        if (at % 2 === 1) return (await one.identities.insertInSession(identity, session.sid)) && null
        return (await one.identities.reclaim(identity, owner)) === null ? null : identity.id
      })
      const winners = answers.filter((id) => id !== null)
      expect(winners).toHaveLength(1)
      expect((await storage.identities.ofUser(squatter.id)).map(({ id }) => id)).toEqual(winners)
    })
  })
}

function describeUnlinking(given: Given): void {
  describe('unlinking', () => {
    it('takes an identity beside a password, or beside another that still signs in', async () => {
      const { storage } = given()
      const { identity, user } = await withIdentity(storage, { passwordHash: 'some' })
      expect(await storage.identities.delete(identity.id, user.id, [])).toBe('deleted')
      expect(await storage.identities.delete(identity.id, user.id, [])).toBe('unknown')
      const bare = await withIdentity(storage)
      const second = anIdentity(bare.user.id)
      await storage.identities.insertForOwner(second, { user: bare.user, generation: 0 })
      expect(await storage.identities.delete(second.id, bare.user.id, ['i_gone', bare.identity.id])).toBe(
        'deleted',
      )
      expect(await storage.identities.ofUser(bare.user.id)).toEqual([bare.identity])
    })

    it('never takes the last way in', async () => {
      const { storage } = given()
      const { identity, user } = await withIdentity(storage)
      const foreign = await withIdentity(storage)
      for (const others of [[], [identity.id], [foreign.identity.id], ['i_gone']]) {
        expect(await storage.identities.delete(identity.id, user.id, others)).toBe('last')
      }
      expect(await storage.identities.ofUser(user.id)).toEqual([identity])
    })

    it('takes nobody else’s', async () => {
      const { storage } = given()
      const [{ identity, user }, foreign] = [await withIdentity(storage), await withIdentity(storage)]
      expect(await storage.identities.delete(identity.id, foreign.user.id, [foreign.identity.id])).toBe(
        'unknown',
      )
      expect(await storage.identities.ofUser(user.id)).toEqual([identity])
    })

    it('leaves one of two that are unlinked at once', async () => {
      const { storage, other } = given()
      for (let round = 0; round < 10; round += 1) {
        const { identity, user } = await withIdentity(storage)
        const second = anIdentity(user.id)
        await storage.identities.insertForOwner(second, { user, generation: 0 })
        const answers = await Promise.all([
          storage.identities.delete(identity.id, user.id, [second.id]),
          other.identities.delete(second.id, user.id, [identity.id]),
        ])
        expect(answers.sort()).toEqual(['deleted', 'last'])
        expect(await storage.identities.ofUser(user.id)).toHaveLength(1)
      }
    })
  })
}

/** A user who signs in with one provider alone. */
async function withIdentity(storage: Storage, own: Partial<User> = {}) {
  const user = aUser({ passwordHash: null, ...own })
  const identity = anIdentity(user.id)
  await storage.identities.insertWithUser(identity, user)
  return { user, identity }
}

/** An account under an address that nobody has proven, with all that its maker can have put there. */
async function aSquat(storage: Storage) {
  const signedIn = await signIn(storage)
  const squatter = aUser({ emailVerified: false })
  await storage.users.insert(squatter)
  const [session, idHash] = [aSession(squatter.id), aHash()]
  await storage.sessions.insert(session, idHash)
  await storage.identities.insertInSession(anIdentity(squatter.id), session.sid)
  const grant = { ...signedIn.grant, userId: squatter.id, sid: session.sid }
  const { family } = await mint(storage, grant)
  await storage.consents.remember(squatter.id, grant.clientId, [{ resource: 'r', scope: 's' }], NOW)
  return { squatter, session, idHash, family }
}
