import { describe, expect, it } from 'vitest'
import { cookieHeaderOf } from '../../src/adapters/cookie-header.ts'

describe('the Cookie header', () => {
  it('is found in requests of every kind', () => {
    const request = new Request('http://localhost/', { headers: { cookie: 'a=1' } })
    expect(cookieHeaderOf(request)).toBe('a=1')
    expect(cookieHeaderOf({ req: { raw: request } })).toBe('a=1')
    expect(cookieHeaderOf({ headers: { cookie: 'a=1' } })).toBe('a=1')
  })

  it('is null where there is none', () => {
    expect(cookieHeaderOf({ headers: {} })).toBeNull()
    expect(cookieHeaderOf(new Request('http://localhost/'))).toBeNull()
  })

  it("is found in Headers that are not the platform's", () => {
    class OtherHeaders extends URLSearchParams {}
    const headers = new OtherHeaders({ cookie: 'a=1' })
    expect(cookieHeaderOf({ headers })).toBe('a=1')
  })
})
