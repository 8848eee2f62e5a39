import { describe, expect, it } from 'vitest'
import { generateSigningJwk, importPrivateJwk } from '../../src/crypto/index.ts'
import { parseJwt, signJwt } from '../../src/jwt/index.ts'
import { codeOf, key, NOW } from './forge.ts'

describe('signing', () => {
  it('names algorithm, type and key in the header, RFC 7515 §4.1', () => {
    const other = importPrivateJwk(generateSigningJwk('EdDSA'))
    for (const typ of ['at+jwt', 'logout+jwt', 'at+jwt']) {
      expect(parseJwt(signJwt({ typ }, {}, key)).header).toEqual({ alg: 'ES256', typ, kid: key.kid })
      expect(parseJwt(signJwt({ typ }, {}, other)).header).toEqual({ alg: 'EdDSA', typ, kid: other.kid })
    }
  })

  it('leaves out what is undefined and keeps texts of any language', () => {
    const claims = { sub: 'ü ✓ 日本', exp: NOW, nonce: undefined, address: { country: null } }
    expect(parseJwt(signJwt({ typ: 'JWT' }, claims, key)).claims).toEqual({
      sub: 'ü ✓ 日本',
      exp: NOW,
      address: { country: null },
    })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5, '1800000000', null])('refuses the date %s', (exp) => {
    expect(codeOf(() => signJwt({ typ: 'JWT' }, { exp }, key))).toBe('claim_malformed')
  })
})
