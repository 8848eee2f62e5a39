import { randomToken } from '@doorward/core/crypto'
import type { Storage } from '../../src/storage/ports.ts'
import {
  aCode,
  aFamily,
  aHash,
  aKey,
  aNext,
  aSeed,
  aSession,
  aUser,
  DAY,
  isLive,
  mint,
  NOW,
  signIn,
  someMetadata,
} from './contract/samples.ts'

/** Calls every verb at least once, so that a test can look at all statements there are. */
export async function callEveryVerb(storage: Storage): Promise<void> {
  const metadata = someMetadata({ backchannel_logout_uri: 'https://app.example/out' })
  const signedIn = await signIn(storage, { client: { metadata } })
  await callPeople(storage, signedIn)
  await callGrants(storage, signedIn)
  await callGuards(storage)
  await callEnds(storage, signedIn)
}

type SignedIn = Awaited<ReturnType<typeof signIn>>

async function callPeople(storage: Storage, { user, client }: SignedIn): Promise<void> {
  await storage.users.findById(user.id)
  await storage.users.findByEmailKey(user.email)
  await storage.users.findForSignIn(user.email)
  await storage.users.list({ after: null, limit: 10 })
  await storage.users.rehash(user.id, user.passwordHash ?? '', 'new', NOW)
  await storage.clients.find(client.id)
  await storage.clients.list({ after: null, limit: 10 })
  await storage.clients.setSecret(client.id, aHash(), NOW)
  const uri = `https://${randomToken(8)}.example`
  const resource = { uri, name: null, scopes: ['s'], claims: [], accessTokenLifetime: null, signingAlg: null }
  await storage.resources.insert({ ...resource, createdAt: NOW })
  await storage.resources.find(uri)
  await storage.resources.list()
  await storage.roles.insert('role', NOW)
  await storage.roles.allow('role', uri, 's', NOW)
  await storage.users.insert(aUser(), ['role'])
  for (const holder of [{ kind: 'user', id: user.id } as const, { kind: 'client', id: client.id } as const]) {
    await storage.roles.grant('role', holder, NOW)
    await storage.roles.of(holder, uri)
    await storage.roles.revoke('role', holder, NOW)
  }
  await storage.roles.list()
  await storage.resources.delete(uri, NOW)
  await storage.consents.remember(user.id, client.id, [{ resource: 'r', scope: 's' }], NOW)
  await storage.consents.find(user.id, client.id)
}

async function callGrants(storage: Storage, { user, session, grant }: SignedIn): Promise<void> {
  await storage.sessions.findLive([aHash()], NOW)
  await storage.sessions.findBySid(session.sid, NOW)
  await storage.sessions.touch(session.sid, NOW + DAY, NOW + 100)
  await storage.sessions.renew(session.sid, { ...session, idHash: aHash() }, NOW)
  const { code, family, seed } = await mint(storage, grant)
  await storage.codes.find(code.hash)
  await storage.families.find(family.id)
  await isLive(storage, family, { sid: session.sid })
  await storage.accessTokens.revoke('jti', NOW + 60, NOW)
  await storage.refreshTokens.find(seed.hash, NOW)
  await storage.refreshTokens.rotate(seed.hash, aNext(), NOW + 200)
  await storage.codes.redeem(code.hash, { family: aFamily(grant), refreshToken: aSeed() }, NOW)
  await storage.codes.revokeMinted(code.hash, NOW)
  await storage.codes.insert(aCode(grant))
  const opened = aSession(user.id)
  const challenged = aSession(user.id)
  await storage.codes.insertWithSession(challenged, aHash(), aCode({ ...grant, sid: challenged.sid }))
  await storage.families.insertWithSession(opened, aHash(), aFamily({ ...grant, sid: opened.sid }), aSeed())
  await storage.families.revoke(family.id, NOW)
}

async function callGuards(storage: Storage): Promise<void> {
  const [first, next] = [aKey(), aKey({ signsFrom: NOW + 300 })]
  await storage.keys.insertFirst(first)
  await storage.keys.insertNext(next, NOW)
  await storage.keys.retireBefore('ES256', next.kid, NOW + DAY, NOW + 300)
  await storage.keys.list(NOW)
  await storage.keys.reseal(next.kid, next.sealedPrivateJwk ?? '', 'new')
  await storage.keys.compromise(next.kid, null, NOW)
  await storage.replays.insertOnce('i', 'j', NOW + 60)
  const [narrow, wide] = [
    { key: 'a', max: 1, windowSeconds: 60 },
    { key: 'b', max: 5, windowSeconds: 60 },
  ]
  for (let times = 0; times < 2; times += 1) await storage.limits.take([wide, narrow], NOW)
  await storage.limits.wait([wide, narrow], NOW)
  await storage.limits.settle({ clear: ['a'], release: ['b'] })
  const kept = { hash: aHash(), endpoint: 'logout', form: '', expiresAt: NOW + 300 } as const
  await storage.keptRequests.insert(kept, NOW)
  await storage.keptRequests.find(kept.hash, 'logout', NOW)
  await storage.outbox.read(NOW)
  await storage.maintenance.ping()
}

async function callEnds(storage: Storage, { user, session, client }: SignedIn): Promise<void> {
  await storage.sessions.end(session.sid, NOW)
  const [delivery] = await storage.logoutDeliveries.take(1, 60, NOW)
  await storage.logoutDeliveries.retryAt(delivery?.id ?? '', NOW + 60)
  await storage.logoutDeliveries.done(delivery?.id ?? '')
  await storage.users.setPassword(user.id, 'x', NOW)
  await storage.users.disable(user.id, NOW)
  await storage.users.enable(user.id, NOW)
  await storage.users.delete(user.id, NOW)
  await storage.clients.delete(client.id, NOW)
  await storage.maintenance.sweep(NOW + 400 * DAY, 10)
}
