import { type TokenHash, tokenHash } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { openLiveEnd, sealSuccessor } from '../../src/grants/successor.ts'
import { startServer } from '../endpoints/support/server.ts'
import { firstTokens, refresh, textsOf } from '../endpoints/support/token.ts'

/** A chain of one rotation, as it is stored. */
async function rotated(given?: Awaited<ReturnType<typeof startServer>>) {
  const server = given ?? (await startServer())
  const { client, refreshToken } = await firstTokens(server)
  const next = textsOf((await refresh(server, client, refreshToken)).body).refreshToken
  const { storage, clock } = server.deps
  const presented = await storage.refreshTokens.find(tokenHash(refreshToken), clock())
  if (presented === null) throw new Error('the token is gone')
  return { presented, refreshToken, next, tokens: storage.refreshTokens, now: clock() }
}

describe('the sealed chain', () => {
  it('leads to the live end for who holds the old token', async () => {
    const { presented, refreshToken, next, tokens, now } = await rotated()
    expect(await openLiveEnd(refreshToken, presented, tokens, now)).toBe(next)
  })

  it('opens to nobody else', async () => {
    const { presented, tokens, now } = await rotated()
    expect(await openLiveEnd('x'.repeat(43), presented, tokens, now)).toBeNull()
  })

  it('is bound to its family: a row moved to another does not open', async () => {
    const { presented, refreshToken, tokens, now } = await rotated()
    const moved = { ...presented, family: { ...presented.family, id: 'another' } }
    const alike = {
      find: async (hash: TokenHash, at: number) => {
        const found = await tokens.find(hash, at)
        return found === null ? null : { ...found, family: moved.family }
      },
    }
    expect(await openLiveEnd(refreshToken, moved, alike, now)).toBeNull()
  })

  it('ends where a planted successor is of another family, or unknown', async () => {
    const server = await startServer()
    const { presented, refreshToken, tokens, now } = await rotated(server)
    const { next: foreign } = await rotated(server)
    expect(await tokens.find(tokenHash(foreign), now)).not.toBeNull()
    for (const text of [foreign, 'x'.repeat(54)]) {
      const sealed = sealSuccessor(refreshToken, text, presented.family.id)
      const planted = { ...presented, token: { ...presented.token, successor: { sealed, scopes: [] } } }
      expect(await openLiveEnd(refreshToken, planted, tokens, now)).toBeNull()
    }
  })

  it('ends at a live end that has expired, or whose family was revoked on the way', async () => {
    const { presented, refreshToken, next, tokens, now } = await rotated()
    expect(await openLiveEnd(refreshToken, presented, tokens, now + 15 * 86_400)).toBeNull()
    const revoked = {
      find: async (hash: TokenHash, at: number) => {
        const found = await tokens.find(hash, at)
        return found === null || hash !== tokenHash(next)
          ? found
          : { ...found, family: { ...found.family, revokedAt: at } }
      },
    }
    expect(await openLiveEnd(refreshToken, presented, revoked, now)).toBeNull()
  })

  it('is followed for a bounded number of steps', async () => {
    const { presented, refreshToken, now } = await rotated()
    const sealed = sealSuccessor(refreshToken, refreshToken, presented.family.id)
    const looped = { ...presented, token: { ...presented.token, successor: { sealed, scopes: [] } } }
    let finds = 0
    const tokens = {
      find: async () => {
        finds += 1
        return looped
      },
    }
    expect(await openLiveEnd(refreshToken, looped, tokens, now)).toBeNull()
    expect(finds).toBe(200)
  })
})
