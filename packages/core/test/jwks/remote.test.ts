import { describe, expect, it } from 'vitest'
import {
  generateSigningJwk,
  importPublicJwk,
  type PublicJwk,
  publicJwk,
  type VerificationKey,
} from '../../src/crypto/index.ts'
import { type RemoteJwks, remoteJwks } from '../../src/jwks/index.ts'

const { initial, decideFetch, started, received, failed, retryAfter } = remoteJwks
const NOW = 1_800_000_000
const MAX_AGE = 300
const jwk: PublicJwk = publicJwk(generateSigningJwk('ES256'))
const keys: readonly VerificationKey[] = [importPublicJwk(jwk)]
const kid = jwk.kid ?? ''
const loaded = received(started(initial, { now: NOW, kid }), keys, NOW, MAX_AGE)
const decide = (state: RemoteJwks, seconds: number, of: string | null = kid) =>
  decideFetch(state, { now: NOW + seconds, kid: of })

describe('before the first keys', () => {
  it('one token fetches, the others wait for the same fetch', () => {
    expect(decide(initial, 0)).toBe('fetch')
    expect(decide(started(initial, { now: NOW, kid }), 0)).toBe('wait')
  })

  it('a failure is told at once for a second, then tried again', () => {
    const down = failed(started(initial, { now: NOW, kid }), NOW)
    expect(decide(down, 0)).toBe('unavailable')
    expect(retryAfter(down, NOW)).toBe(1)
    expect(decide(down, 1)).toBe('fetch')
  })
})

describe('with keys', () => {
  it('they are used without asking until they are stale', () => {
    expect(decide(loaded, 0)).toBe('use')
    expect(decide(loaded, MAX_AGE - 1)).toBe('use')
  })

  it('stale ones are used and refreshed in the background, once', () => {
    expect(decide(loaded, MAX_AGE)).toBe('refresh')
    expect(decide(started(loaded, { now: NOW + MAX_AGE, kid }), MAX_AGE)).toBe('use')
  })

  it('much too old ones, of an API that slept, are not believed before they were fetched again', () => {
    expect(decide(loaded, 2 * MAX_AGE)).toBe('fetch')
    expect(decide(started(loaded, { now: NOW + 600, kid }), 2 * MAX_AGE)).toBe('wait')
  })

  it('the last good ones stay in use while the issuer is down, with a try each 30 seconds', () => {
    const down = failed(started(loaded, { now: NOW + MAX_AGE, kid }), NOW + MAX_AGE)
    expect(decide(down, MAX_AGE + 29)).toBe('use')
    expect(decide(down, MAX_AGE + 30)).toBe('refresh')
    expect(decide(down, 100_000)).toBe('refresh')
    expect(down.keys).toEqual(keys)
  })

  it('a success ends the outage', () => {
    const down = failed(started(loaded, { now: NOW + MAX_AGE, kid }), NOW + MAX_AGE)
    const up = received(started(down, { now: NOW + 400, kid }), keys, NOW + 400, MAX_AGE)
    expect(decide(up, 400)).toBe('use')
    expect(up.failedAt).toBeNull()
  })

  it('a max-age that is absurd is brought within 30 seconds and an hour', () => {
    expect(decide(received(initial, keys, NOW, 0), 29)).toBe('use')
    expect(decide(received(initial, keys, NOW, 0), 30)).toBe('refresh')
    expect(decide(received(initial, keys, NOW, 1e9), 3600)).toBe('refresh')
  })
})

describe('an unknown kid', () => {
  const asked = { now: NOW + 1, kid: 'new' }

  it('is fetched for at once, once, by all who ask', () => {
    expect(decide(loaded, 1, 'new')).toBe('fetch')
    expect(decide(started(loaded, asked), 1, 'new')).toBe('wait')
    expect(decide(started(loaded, asked), 1, 'other')).toBe('wait')
    expect(decide(started(loaded, asked), 1)).toBe('use')
  })

  it('then costs no fetch for 30 seconds, whatever kid is asked for', () => {
    const missed = received(started(loaded, asked), keys, NOW + 1, MAX_AGE)
    expect(decide(missed, 2, 'new')).toBe('use')
    expect(decide(missed, 30, 'other')).toBe('use')
    expect(decide(missed, 31, 'other')).toBe('fetch')
  })

  it('also cools down when the fetch failed', () => {
    expect(decide(failed(started(loaded, asked), NOW + 1), 2, 'new')).toBe('use')
  })

  it('a token without kid asks for none, unless there are no keys at all', () => {
    expect(decide(loaded, 1, null)).toBe('use')
    expect(decide(received(initial, [], NOW, MAX_AGE), 1, null)).toBe('fetch')
  })
})

describe('new keys', () => {
  it('replace the old, and what stays is the same object as before', () => {
    const fresh = publicJwk(generateSigningJwk('ES256'))
    const rotated = received(loaded, [importPublicJwk(fresh), importPublicJwk(jwk)], NOW + 1, MAX_AGE)
    expect(rotated.keys?.[1]).toBe(keys[0])
    expect(rotated.keys?.[0]?.kid).toBe(fresh.kid)
    expect(received(rotated, [importPublicJwk(fresh)], NOW + 2, MAX_AGE).keys).toHaveLength(1)
  })

  it('under an old name are not the old key', () => {
    const swapped = importPublicJwk({ ...publicJwk(generateSigningJwk('ES256')), kid })
    expect(received(loaded, [swapped], NOW + 1, MAX_AGE).keys).toEqual([swapped])
    expect(received(loaded, [swapped], NOW + 1, MAX_AGE).keys?.[0]).not.toBe(keys[0])
  })
})
