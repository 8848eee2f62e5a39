import { afterEach, describe, expect, it, vi } from 'vitest'
import { createKeySource } from '../src/key-source.ts'
import { createTestIssuer, ISSUER } from './issuer.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the bound in time', () => {
  it('is 5 seconds for discovery and keys together, and holds for a fetch that heeds no signal', async () => {
    const over = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal)
    const issuer = createTestIssuer()
    issuer.behaviour = () => {
      over.abort()
      return new Promise<Response>(() => {})
    }
    const source = createKeySource({
      issuer: ISSUER,
      algorithms: ['ES256'],
      jwksUri: null,
      fetch: issuer.fetch,
      clock: issuer.clock,
    })
    await expect(source.keysFor(null, issuer.now)).rejects.toMatchObject({ reason: 'issuer_unreachable' })
    expect(timeout).toHaveBeenCalledExactlyOnceWith(5000)
  })
})

describe('what goes out', () => {
  it('is a plain GET for JSON that follows no redirect', async () => {
    const issuer = createTestIssuer()
    const seen: (RequestInit | undefined)[] = []
    const source = createKeySource({
      issuer: ISSUER,
      algorithms: ['ES256'],
      jwksUri: `${ISSUER}/jwks`,
      fetch: (input, init) => {
        seen.push(init)
        return issuer.fetch(input, init)
      },
      clock: issuer.clock,
    })
    expect(await source.keysFor(null, issuer.now)).toHaveLength(1)
    expect(seen).toEqual([
      { redirect: 'error', headers: { accept: 'application/json' }, signal: expect.any(AbortSignal) },
    ])
  })

  it('keeps only keys of the allowed algorithms', async () => {
    const issuer = createTestIssuer()
    const source = createKeySource({
      issuer: ISSUER,
      algorithms: ['RS256'],
      jwksUri: `${ISSUER}/jwks`,
      fetch: issuer.fetch,
      clock: issuer.clock,
    })
    expect(await source.keysFor(null, issuer.now)).toEqual([])
  })
})
