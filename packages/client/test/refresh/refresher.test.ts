import { DatabaseSync } from 'node:sqlite'
import { UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TokenSet } from '../../src/exchange/token-set.ts'
import { createRefreshing, type Refreshing, refusing, tokensOf, unreachable } from './refreshing.ts'

let given: Refreshing
beforeEach(async () => {
  given = await createRefreshing()
})
afterEach(() => given.remove())

const stored = async (ref: string): Promise<TokenSet | undefined> => {
  const row = await given.store.vault.find(ref)
  return row === null ? undefined : given.sealer.open(row)?.tokens
}

describe('an access token', () => {
  it('that is fresh, or has no end, is handed out as it is', async () => {
    const [fresh, endless] = [await given.keep(1000), await given.keep(null)]
    for (const ref of [fresh, endless])
      expect(await given.one.getAccessToken(ref)).toBe((await stored(ref))?.accessToken)
    expect(given.asked).toEqual([])
  })

  it('comes with its end and its scope, the fresh one with its own', async () => {
    const ref = await given.keep(1000, { scope: 'openid mail' })
    const { accessToken, expiresAt } = (await stored(ref)) ?? tokensOf()
    expect(await given.one.getToken(ref)).toMatchObject({ accessToken, expiresAt, scope: 'openid mail' })
    const fresh = tokensOf({ scope: 'openid' })
    given.answer = async () => fresh
    const { accessToken: next, expiresAt: end, scope } = fresh
    expect(await given.two.getToken(ref, accessToken)).toMatchObject({
      accessToken: next,
      expiresAt: end,
      scope,
    })
  })

  it('that has expired is refreshed once for a hundred callers in two processes', async () => {
    const ref = await given.keep(-10)
    const before = await stored(ref)
    const got = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? given.one : given.two).getAccessToken(ref),
      ),
    )
    expect(given.asked).toEqual([before?.refreshToken])
    expect(new Set(got)).toEqual(new Set([(await stored(ref))?.accessToken]))
  })

  it('that expires soon is refreshed already, and serves while that is under way or fails', async () => {
    const ref = await given.keep(5)
    const present = (await stored(ref))?.accessToken
    let letGo = (_tokens: TokenSet): void => {}
    given.answer = () => new Promise((resolve) => (letGo = resolve))
    const refreshing = given.one.getAccessToken(ref)
    await expect.poll(() => given.asked).toHaveLength(1)
    expect(await given.two.getAccessToken(ref)).toBe(present)
    const fresh = tokensOf()
    letGo(fresh)
    expect(await refreshing).toBe(fresh.accessToken)
    const another = await given.keep(5)
    given.answer = unreachable
    expect(await given.one.getAccessToken(another)).toBe((await stored(another))?.accessToken)
  })

  it('keeps what the provider leaves out of its answer, RFC 6749 §6', async () => {
    const ref = await given.keep(-10, { idToken: 'id', scope: 'openid email' })
    const before = await stored(ref)
    given.answer = async () => tokensOf({ refreshToken: null, idToken: null, scope: '' })
    const accessToken = await given.one.getAccessToken(ref)
    expect(await stored(ref)).toMatchObject({ ...before, accessToken, expiresAt: expect.any(Number) })
  })

  it('is asked for again with the same refresh token after an answer that was lost', async () => {
    const ref = await given.keep(-10)
    const { refreshToken } = (await stored(ref)) ?? {}
    given.answer = async () => {
      given.answer = async () => tokensOf()
      return unreachable()
    }
    await given.one.getAccessToken(ref)
    expect(given.asked).toEqual([refreshToken, refreshToken])
    expect(given.ended).toEqual([])
  })

  it('is not to be had while the provider cannot be reached, and nobody is signed out for that', async () => {
    const ref = await given.keep(-10)
    given.answer = unreachable
    await expect(given.one.getAccessToken(ref)).rejects.toMatchObject({ code: 'provider_unreachable' })
    expect(given.asked).toHaveLength(4)
    expect(given.ended).toEqual([])
    given.answer = async () => tokensOf()
    // Nobody has kept the lease.
    await given.two.getAccessToken(ref)
    expect(given.asked).toHaveLength(5)
  })

  it('is asked for twice of a provider that is silent each time, and no more', async () => {
    const ref = await given.keep(-10)
    given.answer = () => {
      given.later(10)
      return unreachable()
    }
    await expect(given.one.getAccessToken(ref)).rejects.toMatchObject({ code: 'provider_unreachable' })
    expect(given.asked).toHaveLength(2)
  })

  it('that cannot be renewed for want of a refresh token says so, when it has expired', async () => {
    const alive = await given.keep(5, { refreshToken: null })
    expect(await given.one.getAccessToken(alive)).toBe((await stored(alive))?.accessToken)
    const over = await given.keep(-10, { refreshToken: null })
    await expect(given.one.getAccessToken(over)).rejects.toMatchObject({ code: 'refresh_token_missing' })
    expect(given.ended).toEqual([])
  })
})

describe('a refusal', () => {
  it('ends what the tokens belong to, once and with its cause, for everybody who waits', async () => {
    const ref = await given.keep(-10)
    given.answer = refusing
    const asking = [given.one, given.one, given.two].map((at) =>
      at.getAccessToken(ref).catch(({ code }: { code: string }) => code),
    )
    expect(await Promise.all(asking)).toEqual(['refresh_refused', 'refresh_refused', 'session_missing'])
    expect(given.ended).toEqual([[ref, 'refresh_refused']])
  })

  it('ends it also where the present token would have served a little longer', async () => {
    const ref = await given.keep(5)
    given.answer = refusing
    await expect(given.one.getAccessToken(ref)).rejects.toMatchObject({ code: 'refresh_refused' })
    expect(given.ended).toEqual([[ref, 'refresh_refused']])
  })

  it('of a token that somebody else has used meanwhile ends nothing', async () => {
    const ref = await given.keep(-10)
    const fresh = tokensOf()
    given.answer = async () => {
      const row = await given.store.vault.find(ref)
      if (row !== null)
        await given.store.vault.replace(given.sealer.sealNext(row, { provider: 'google', tokens: fresh }))
      return refusing()
    }
    expect(await given.one.getAccessToken(ref)).toBe(fresh.accessToken)
    expect(given.ended).toEqual([])
  })
})

describe('a holder', () => {
  it('that was killed loses its lease, and the next one brings the same refresh token', async () => {
    const ref = await given.keep(-10)
    const row = await given.store.vault.find(ref)
    const now = Math.floor(Date.now() / 1000)
    await given.store.vault.lease(ref, row?.version ?? 0, { holder: 'killed', now, until: now + 2 })
    const { refreshToken } = (await stored(ref)) ?? {}
    expect(await given.one.getAccessToken(ref)).toBe((await stored(ref))?.accessToken)
    expect(given.asked).toEqual([refreshToken])
  })

  it('keeps its lease for as long as a slow provider takes', async () => {
    const ref = await given.keep(-10)
    // The lease is six seconds by the clock, which goes ahead twice; it is prolonged after two of them, in between.
    given.answer = async () => {
      given.later(2)
      await new Promise((done) => setTimeout(done, 2300))
      given.later(3)
      await new Promise((done) => setTimeout(done, 700))
      return tokensOf()
    }
    const got = await Promise.all([given.one.getAccessToken(ref), given.two.getAccessToken(ref)])
    expect(given.asked).toHaveLength(1)
    expect(new Set(got).size).toBe(1)
  })

  it('does not lose an answer that the store cannot take for a moment', async () => {
    const ref = await given.keep(-10)
    const fresh = tokensOf()
    const elsewhere = new DatabaseSync(given.file)
    given.answer = async () => {
      elsewhere.exec('BEGIN IMMEDIATE')
      // The store waits for five seconds, during which nothing else runs here; then it says that it is locked.
      setTimeout(() => elsewhere.exec('ROLLBACK'), 100)
      return fresh
    }
    expect(await given.one.getAccessToken(ref)).toBe(fresh.accessToken)
    expect(await stored(ref)).toEqual(fresh)
    expect(given.asked).toHaveLength(1)
    elsewhere.close()
  })

  it('that finds other tokens kept when its answer comes hands those out', async () => {
    const ref = await given.keep(-10)
    const first = tokensOf()
    given.answer = async () => {
      const row = await given.store.vault.find(ref)
      if (row !== null)
        await given.store.vault.replace(given.sealer.sealNext(row, { provider: 'google', tokens: first }))
      return tokensOf()
    }
    expect(await given.one.getAccessToken(ref)).toBe(first.accessToken)
    expect(await stored(ref)).toEqual(first)
  })
})

describe('a token that an API has turned down', () => {
  it('is refreshed before its time, once for all, and not again when another has come', async () => {
    const ref = await given.keep(1000)
    const refused = (await stored(ref))?.accessToken ?? ''
    const got = await Promise.all([
      ...[1, 2, 3].map(() => given.one.getAccessToken(ref, refused)),
      given.two.getAccessToken(ref, refused),
    ])
    expect(given.asked).toHaveLength(1)
    expect(new Set(got)).toEqual(new Set([(await stored(ref))?.accessToken]))
  })

  it('is not refreshed where it has just come: its age is not what is wrong', async () => {
    const ref = await given.keep(1000, {}, 0)
    const refused = (await stored(ref))?.accessToken ?? ''
    expect(await given.one.getAccessToken(ref, refused)).toBe(refused)
    expect(given.asked).toEqual([])
  })
})

describe('tokens that do not open', () => {
  it('are no sign-out: the secret may come back', async () => {
    const ref = await given.keep(-10)
    const row = await given.store.vault.find(ref)
    if (row !== null) await given.store.vault.put({ ...row, keyId: 'dropped' })
    await expect(given.one.getAccessToken(ref)).rejects.toMatchObject({ code: 'tokens_not_opened' })
    await expect(given.one.getAccessToken('unknown')).rejects.toMatchObject({ code: 'session_missing' })
    expect(given.ended).toEqual([])
  })
})

describe('a sign-out while a token is refreshed', () => {
  it('ends that too: the token that still lives is not handed out', async () => {
    const ref = await given.keep(20)
    given.later(19)
    given.answer = async () => {
      await given.store.vault.delete(ref)
      return tokensOf()
    }
    await expect(given.one.getAccessToken(ref)).rejects.toMatchObject({ code: 'session_missing' })
  })
})

describe('an answer with the ID token of somebody else', () => {
  it('is nobody’s: the session ends, and its tokens are handed to none, OpenID Connect Core §12.2', async () => {
    const idTokenOf = (sub: string) => new UnsecuredJWT({ sub }).encode()
    const ref = await given.keep(-10, { idToken: idTokenOf('a') })
    given.answer = async () => tokensOf({ idToken: idTokenOf('b') })
    await expect(given.one.getAccessToken(ref)).rejects.toMatchObject({ code: 'refresh_refused' })
    expect(given.ended).toEqual([[ref, 'refresh_refused']])
  })
})
