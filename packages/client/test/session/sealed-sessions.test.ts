import { cookieJar } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { sealedSessions } from '../../src/session/sealed-sessions.ts'
import type { NewSession } from '../../src/session/session.ts'

const NOW = 1_800_000_000
const jar = cookieJar('https://app.example.com/')
const keeperWith = (...keys: [Uint8Array, ...Uint8Array[]]) =>
  sealedSessions({ jar, keys, lifetimes: { absolute: 100 } })
const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const keeper = keeperWith(first)

const jane: NewSession = {
  user: {
    ...{ provider: 'oidc', subject: '1', email: 'j@example.com', emailVerified: true, name: 'Jane' },
    ...{ picture: null, claims: { sub: '1' } },
  },
  userId: 'u1',
  upstreamSid: null,
  tokens: {
    ...{ accessToken: 'at-secret', refreshToken: 'rt-secret', idToken: null, scope: 'a' },
    ...{ expiresAt: null, tokenType: 'bearer' },
  },
}
const open = async (fresh = jane, by = keeper): Promise<string> => {
  const [line = ''] = await by.open(fresh, null, NOW)
  return line.split(';', 1)[0] ?? ''
}

describe('a session sealed in its cookie', () => {
  it('is found by the cookie alone', async () => {
    expect(await keeper.find(await open(), NOW + 99)).toEqual({
      ref: expect.any(String),
      user: jane.user,
      userId: 'u1',
      createdAt: NOW,
      expiresAt: NOW + 100,
    })
  })

  it('is over after its time, whatever the browser keeps', async () => {
    expect(await keeper.find(await open(), NOW + 100)).toBeNull()
  })

  it('is nothing that can be read, changed or made without the secret', async () => {
    const cookie = await open()
    expect(cookie).not.toContain('example')
    const at = cookie.length - 5
    const changed = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1)
    expect(await keeper.find(changed, NOW)).toBeNull()
    expect(await keeperWith(second).find(cookie, NOW)).toBeNull()
    expect(await keeper.find(null, NOW)).toBeNull()
    expect(await keeper.find(`${jar.name('dw-session')}=`, NOW)).toBeNull()
  })

  it('is found under an older secret', async () => {
    expect(await keeperWith(second, first).find(await open(), NOW)).not.toBeNull()
  })

  it('must fit into a cookie, RFC 6265bis §5.6', async () => {
    const large = { ...jane, user: { ...jane.user, claims: { about: 'x'.repeat(4000) } } }
    await expect(open(large)).rejects.toMatchObject({ code: 'session_too_large', provider: 'oidc' })
  })

  it('ends in this browser, and cannot be ended from afar', async () => {
    const { session, tokens, cookies } = await keeper.end(await open(), NOW)
    expect([session?.userId, tokens]).toEqual(['u1', null])
    expect(cookies[0]).toMatch(/=; .*; Max-Age=0$/)
    await expect(keeper.endOne('ref', 'oidc')).rejects.toMatchObject({ code: 'sessions_not_kept' })
    await expect(keeper.endAll('oidc', '1')).rejects.toMatchObject({ code: 'sessions_not_kept' })
  })
})
