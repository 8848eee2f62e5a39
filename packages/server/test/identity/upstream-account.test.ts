import { oidc, type Profile } from '@doorward/client/providers'
import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/schema.ts'
import { emailKey } from '../../src/identity/email.ts'
import { admitUpstream, linkUpstream, type UpstreamPerson } from '../../src/identity/upstream-account.ts'
import { canSpare, unlink, waysInto } from '../../src/identity/ways-in.ts'
import { createUserManagement } from '../../src/management/users.ts'
import { aHash, aSession, findSession } from '../storage/contract/samples.ts'
import { testDeps } from '../support/deps.ts'

const PASSWORD = 'correct horse battery'
const email = 'ada@example.com'
const from = { ip: '192.0.2.1', reference: 'r-1', clientId: null }
const acme = oidc({ id: 'acme', name: 'Acme', issuer: 'https://acme.example', clientId: 'c' })
const other = oidc({ id: 'other', name: 'Other', issuer: 'https://other.example', clientId: 'c' })

const aPerson = (profile: Partial<Profile> = {}, own: Partial<UpstreamPerson> = {}): UpstreamPerson => ({
  provider: { ...acme, linkByEmail: true },
  authority: 'https://acme.example',
  profile: { subject: '7', email, emailVerified: true, name: 'Ada', picture: null, ...profile },
  ...own,
})

async function open(settings: Partial<ConfigInput> = {}) {
  const deps = await testDeps({ providers: [acme, other], ...settings })
  const users = createUserManagement(deps)
  const admit = (person = aPerson()) => admitUpstream(person, from, deps)
  const account = async () => deps.storage.users.findByEmailKey(emailKey(email))
  const story = () => deps.events.map(({ event }) => event)
  /** A session of somebody, stored as a sign-in does. */
  const session = async (userId: string) => {
    const now = deps.clock()
    const opened = aSession(userId, { authTime: now, idleExpiresAt: now + 3_600, expiresAt: now + 7_200 })
    const idHash = aHash()
    await deps.storage.sessions.insert(opened, idHash)
    return { ...opened, idHash }
  }
  return { deps, users, admit, account, story, session }
}

describe('admitUpstream', () => {
  it('makes an account at the first sign-in, and knows it at the next, whatever its address is then', async () => {
    const { deps, admit, account, story } = await open()
    const first = await admit(aPerson({ picture: 'https://acme.example/ada.png', name: 'Ada' }))
    const user = await account()
    expect(first).toMatchObject({ kind: 'admitted', how: 'created', proven: { user, generation: 0 } })
    expect(user).toMatchObject({
      email,
      emailVerified: true,
      passwordHash: null,
      claims: { name: 'Ada', picture: 'https://acme.example/ada.png' },
    })
    deps.pass(60)
    const again = await admit(aPerson({ email: 'moved@example.com', emailVerified: false }))
    expect(again).toMatchObject({ kind: 'admitted', how: 'known', proven: { user } })
    expect(await deps.storage.identities.ofUser(user?.id ?? '')).toMatchObject([
      { label: 'moved@example.com', lastUsedAt: deps.clock(), createdAt: deps.clock() - 60 },
    ])
    expect(story()).toEqual(['user.created', 'identity.linked'])
  })

  it('links an address that both sides have verified, and the account stays as it was', async () => {
    const { deps, users, admit, account, story } = await open()
    await users.create({ email, password: PASSWORD, name: 'Countess', emailVerified: true })
    const before = await account()
    expect(await admit(aPerson({ email: 'ADA@Example.com' }))).toMatchObject({
      kind: 'admitted',
      how: 'linked',
      proven: { user: before },
    })
    expect(await account()).toEqual(before)
    expect(story()).toEqual(['user.created', 'identity.linked'])
    expect(deps.events.at(-1)).toMatchObject({ provider: 'acme', userId: before?.id, reference: 'r-1' })
  })

  it('gives an account that nobody has proven to the owner, and leaves whoever made it nothing', async () => {
    const { deps, users, admit, account, session, story } = await open()
    const { id } = await users.create({ email, password: PASSWORD, name: 'Mallory' })
    const planted = await session(id)
    const foothold = aPerson(
      { subject: 'm' },
      { provider: { ...other, linkByEmail: true }, authority: 'https://other.example' },
    )
    expect(await linkUpstream(foothold, { userId: id, sid: planted.sid }, from, deps)).toMatchObject({
      kind: 'linked',
    })
    const admission = await admit()
    expect(admission).toMatchObject({ kind: 'admitted', how: 'reclaimed', proven: { generation: 1 } })
    expect(await account()).toMatchObject({
      id,
      emailVerified: true,
      passwordHash: null,
      claims: { name: 'Ada' },
    })
    expect(await findSession(deps.storage, planted.idHash, deps.clock())).toBeNull()
    expect(await deps.storage.identities.find('https://other.example', 'm')).toBeNull()
    expect(story().slice(-2)).toEqual(['user.reclaimed', 'identity.linked'])
  })

  it('joins nothing by an address that the provider has not verified, or whose word does not count', async () => {
    const { users, admit, account } = await open()
    await users.create({ email, password: PASSWORD, emailVerified: true })
    const before = await account()
    const refused = { kind: 'refused', cause: 'email_in_use', userId: before?.id }
    expect(await admit(aPerson({ emailVerified: false }))).toEqual(refused)
    expect(await admit(aPerson({}, { provider: { ...acme, linkByEmail: false } }))).toEqual(refused)
    expect(await account()).toEqual(before)
  })

  it('joins nothing by an address that only looks the same once it is normalized: another mailbox was proven', async () => {
    const { users, admit, account } = await open()
    await users.create({ email: 'kate@example.com', password: PASSWORD, emailVerified: true })
    // U+212A, the Kelvin sign, is the letter K in NFC.
    expect(await admit(aPerson({ email: '\u212Aate@example.com' }))).toMatchObject({ cause: 'email_in_use' })
    expect(await admit(aPerson({ email: ' Kate@example.com' }))).toMatchObject({ how: 'linked' })
    expect(await account()).toBeNull()
  })

  it('makes an unverified account by an unproven address, which the owner then reclaims', async () => {
    const { admit, account } = await open()
    await admit(aPerson({ emailVerified: false }))
    expect(await account()).toMatchObject({ emailVerified: false })
    const owner = aPerson({ subject: '8' }, { authority: 'https://other.example' })
    expect(await admit(owner)).toMatchObject({ how: 'reclaimed' })
    // The first one's identity is gone: to them the address is simply taken.
    expect(await admit(aPerson({ emailVerified: false }))).toMatchObject({ cause: 'email_in_use' })
  })

  it.each([
    ['no e-mail', { email: null, emailVerified: false }, 'email_missing'],
    ['an e-mail that is none', { email: 'ada at example.com' }, 'email_missing'],
    ['no subject', { subject: '' }, 'subject_malformed'],
    ['a subject with a control character', { subject: 'a\0b' }, 'subject_malformed'],
    // A database keeps U+FFFD in its place, under which all such subjects would be one.
    ['a subject with half a character', { subject: '7\ud800' }, 'subject_malformed'],
    ['a subject beyond all measure', { subject: 'x'.repeat(256) }, 'subject_malformed'],
  ])('refuses %s', async (_, profile, cause) => {
    const { deps, admit } = await open()
    expect(await admit(aPerson(profile))).toEqual({ kind: 'refused', cause, userId: null })
    expect(deps.events).toEqual([])
  })

  it('makes no account where registration is closed, and lets in those that there are', async () => {
    const { users, admit } = await open({ registration: 'closed' })
    expect(await admit()).toEqual({ kind: 'refused', cause: 'registration_closed', userId: null })
    await users.create({ email })
    expect(await admit()).toMatchObject({ how: 'reclaimed' })
    expect(await admit()).toMatchObject({ how: 'known' })
  })

  it('lets nobody into a disabled account', async () => {
    const { users, admit } = await open()
    const { id } = await users.create({ email, emailVerified: true })
    await users.disable(id)
    expect(await admit()).toEqual({ kind: 'refused', cause: 'user_disabled', userId: id })
    await users.enable(id)
    await admit()
    await users.disable(id)
    expect(await admit()).toEqual({ kind: 'refused', cause: 'user_disabled', userId: id })
  })

  it('keeps of a profile only what an account can hold', async () => {
    const { deps, admit, account } = await open()
    await admit(aPerson({ name: 'x'.repeat(2_000), picture: 'javascript:alert(1)' }))
    expect((await account())?.claims).toEqual({})
    await admit(aPerson({ email: null, emailVerified: false, name: 'A\u202e\0da' }))
    expect(await deps.storage.identities.ofUser((await account())?.id ?? '')).toMatchObject([
      { label: 'Ada' },
    ])
  })

  it.each([
    ['the same person', () => aPerson(), ['created']],
    [
      'the owner of one address, at two providers',
      (at: number) => aPerson({ subject: `s${at % 2}` }),
      ['created', 'linked'],
    ],
  ])('makes one account of thirty first sign-ins at once: %s', async (_, personAt, hows) => {
    const { deps, admit } = await open()
    const all = await Promise.all(Array.from({ length: 30 }, (_, at) => admit(personAt(at))))
    const ids = all.map((one) => (one.kind === 'admitted' ? one.proven.user.id : one.cause))
    expect(new Set(ids).size).toBe(1)
    const first = all.flatMap((one) => (one.kind === 'admitted' && one.how !== 'known' ? [one.how] : []))
    expect(first.sort()).toEqual(hows)
    expect(await deps.storage.users.list({ after: null, limit: 10 })).toHaveLength(1)
  })
})

describe('linkUpstream', () => {
  it('links with the user of a live session, whatever the address, and once', async () => {
    const { deps, users, session } = await open()
    const { id } = await users.create({ email: 'bob@example.com', password: PASSWORD })
    const { sid } = await session(id)
    const link = () => linkUpstream(aPerson(), { userId: id, sid }, from, deps)
    const linked = await link()
    expect(linked.kind).toBe('linked')
    expect(await link()).toEqual({ ...linked, kind: 'already' })
    expect(deps.events.at(-1)).toMatchObject({ event: 'identity.linked', userId: id, sid, provider: 'acme' })
    await deps.storage.sessions.end(sid, deps.clock())
    const late = aPerson({ subject: 'late' })
    expect(await linkUpstream(late, { userId: id, sid }, from, deps)).toEqual({ kind: 'session_ended' })
  })

  it('never takes an account of the provider that signs in somebody else', async () => {
    const { deps, users, admit, session } = await open()
    await admit()
    const { id } = await users.create({ email: 'bob@example.com', password: PASSWORD })
    const { sid } = await session(id)
    expect(await linkUpstream(aPerson(), { userId: id, sid }, from, deps)).toEqual({ kind: 'taken' })
    expect(await deps.storage.identities.ofUser(id)).toEqual([])
    expect(deps.events.at(-1)).toMatchObject({
      event: 'identity.refused',
      reason: 'identity_taken',
      userId: id,
    })
  })
})

describe('unlink', () => {
  it('leaves one of two ways when both are unlinked at once, and counts only providers that are configured', async () => {
    const { deps, admit, account, session, story } = await open()
    await admit()
    // They are listed in the order in which they came.
    deps.pass(1)
    await admit(
      aPerson(
        { subject: '8' },
        { provider: { ...other, linkByEmail: true }, authority: 'https://other.example' },
      ),
    )
    const user = await account()
    if (user === null) throw new Error('nobody there')
    const { sid } = await session(user.id)
    const ways = await waysInto(user, deps)
    expect(ways.linked.map(({ identity }) => canSpare(identity.id, ways))).toEqual([true, true])
    const alone = { ...deps, config: { ...deps.config, providers: deps.config.providers.slice(0, 1) } }
    const fewer = await waysInto(user, alone)
    expect(fewer.linked.map(({ identity }) => canSpare(identity.id, fewer))).toEqual([false, true])
    const at = { ip: from.ip, reference: from.reference, sid }
    const outcomes = await Promise.all(ways.linked.map(({ identity }) => unlink(identity.id, user, at, deps)))
    expect(outcomes.sort()).toEqual(['deleted', 'last'])
    expect(story().filter((event) => event === 'identity.unlinked')).toHaveLength(1)
  })
})
