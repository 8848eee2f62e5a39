import { randomToken, sha256 } from '@doorward/core/crypto'
import { ClientError } from '../../src/errors.ts'
import type { TokenSet } from '../../src/exchange/token-set.ts'
import type { ClientStore } from '../../src/ports.ts'
import { createRefresher, type Refresher } from '../../src/refresh/refresher.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createSealer, type Sealer } from '../../src/vault/seal.ts'
import { createSqlitePlace } from '../stores/place.ts'

export const clock = (): number => Math.floor(Date.now() / 1000)

/** Two refreshers as of two processes over one store, and a provider whose answers the test gives. */
export type Refreshing = {
  readonly store: ClientStore
  /** The store's SQLite file. */
  readonly file: string
  readonly sealer: Sealer
  readonly one: Refresher
  readonly two: Refresher
  /** The refresh tokens that came to the provider. */
  readonly asked: string[]
  /** What the provider does next; at first it answers with fresh tokens. */
  answer: (refreshToken: string) => Promise<TokenSet>
  /** Sets the refreshers' clock ahead. */
  readonly later: (seconds: number) => void
  /** What ended, and why. */
  readonly ended: [ref: string, code: string][]
  /** Stores tokens that expire in so many seconds; answers their ref. */
  readonly keep: (expiresIn: number | null, own?: Partial<TokenSet>, ageSeconds?: number) => Promise<string>
  readonly remove: () => Promise<void>
}

export const tokensOf = (own: Partial<TokenSet> = {}): TokenSet => ({
  accessToken: randomToken(),
  refreshToken: randomToken(),
  idToken: null,
  scope: 'openid',
  expiresAt: clock() + 3600,
  tokenType: 'bearer',
  ...own,
})

export const createRefreshing = async (): Promise<Refreshing> => {
  const place = await createSqlitePlace()
  const store = place.open()
  const ring = createKeyRing([randomToken()])
  const sealer = createSealer(ring, clock)
  const asked: string[] = []
  const ended: [string, string][] = []
  let ahead = 0
  const refresher = () =>
    createRefresher({
      vault: store.vault,
      sealer,
      refresh: (_provider, refreshToken) => {
        asked.push(refreshToken)
        return refreshing.answer(refreshToken)
      },
      end: async ({ ref }, { code }) => {
        ended.push([ref, code])
        await store.vault.delete(ref)
      },
      clock: () => clock() + ahead,
    })
  const refreshing: Refreshing = {
    store,
    file: place.file,
    sealer,
    one: refresher(),
    two: refresher(),
    asked,
    ended,
    answer: async () => tokensOf(),
    later: (seconds) => {
      ahead += seconds
    },
    keep: async (expiresIn, own = {}, ageSeconds = 3600) => {
      const ref = sha256(randomToken())
      const tokens = tokensOf({ expiresAt: expiresIn === null ? null : clock() + expiresIn, ...own })
      const past = createSealer(ring, () => clock() - ageSeconds)
      await store.vault.put(past.seal(ref, { provider: 'google', tokens }, clock() + 9000))
      return ref
    },
    remove: async () => {
      await store.close()
      await place.remove()
    },
  }
  return refreshing
}

export const unreachable = async (): Promise<never> => {
  throw new ClientError('provider_unreachable')
}
export const refusing = async (): Promise<never> => {
  throw new ClientError('refresh_refused', { detail: 'invalid_grant' })
}
