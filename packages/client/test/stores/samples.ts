import { randomToken, sha256 } from '@doorward/core/crypto'
import type { ClientStore, SessionRecord, VaultRow } from '../../src/ports.ts'

export const NOW = 1_800_000_000

export const aSession = (own: Partial<SessionRecord> = {}): SessionRecord => ({
  idHash: sha256(randomToken()),
  provider: 'google',
  subject: randomToken(8),
  upstreamSid: null,
  userId: null,
  user: JSON.stringify({ name: 'Zoë “quoted” ?' }),
  createdAt: NOW,
  seenAt: NOW,
  idleUntil: NOW + 600,
  expiresAt: NOW + 3600,
  ...own,
})

export const aRow = (own: Partial<VaultRow> = {}): VaultRow => ({
  ref: sha256(randomToken()),
  keyId: 'key-1',
  sealedKey: `v1.${randomToken()}`,
  sealed: `v1.${randomToken(300)}`,
  version: NOW,
  expiresAt: NOW + 3600,
  ...own,
})

/** A session and its tokens, stored. */
export const signIn = async (store: ClientStore, own: Partial<SessionRecord> = {}) => {
  const session = aSession(own)
  const row = aRow({ ref: session.idHash })
  await store.sessions.insert(session, row)
  return { session, row }
}

/** So many callers at one moment, in turn on each of the stores. */
export const atOnce = <T>(
  times: number,
  stores: readonly ClientStore[],
  call: (store: ClientStore, index: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(
    Array.from({ length: times }, (_, index) => {
      const store = stores[index % stores.length]
      if (store === undefined) throw new Error('No store was given')
      return call(store, index)
    }),
  )
