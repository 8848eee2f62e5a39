import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/crypto/index.ts'
import { JwtError, type JwtErrorCode, parseJwt } from '../../src/jwt/index.ts'
import { CLAIMS, codeOf, forge, HEADER } from './forge.ts'
import { A1_HS256, A2_RS256, A3_ES256, A5_NONE, A6_JSON, E_CRIT, JOE_CLAIMS } from './vectors.ts'

const codeFor = (token: string): JwtErrorCode | null => codeOf(() => parseJwt(token))
const good = forge(HEADER, CLAIMS)

describe('examples of RFC 7515', () => {
  it('reads App. A.2 (RS256) and A.3 (ES256)', () => {
    expect(parseJwt(A2_RS256.token)).toMatchObject({ header: { alg: 'RS256' }, claims: JOE_CLAIMS })
    expect(parseJwt(A3_ES256.token)).toMatchObject({ header: { alg: 'ES256' }, claims: JOE_CLAIMS })
  })

  it.each<[string, string, JwtErrorCode]>([
    ['App. A.1 (HS256)', A1_HS256.token, 'alg_not_allowed'],
    ['App. A.5 (none)', A5_NONE, 'alg_not_allowed'],
    ['App. A.6 (JSON serialization)', A6_JSON, 'malformed'],
    ['App. E (crit)', E_CRIT, 'alg_not_allowed'],
  ])('refuses %s', (_name, token, code) => {
    expect(codeFor(token)).toBe(code)
  })
})

describe('form, RFC 7515 §7.1 and RFC 7519 §7.2', () => {
  const [header = '', claims = '', signature = ''] = good.split('.')
  const claimsOf = (bytes: Uint8Array) => `${header}.${encodeBase64url(bytes)}.${signature}`

  it('keeps alg, kid and typ of the header and nothing else: never jwk, jku, x5u, x5c, RFC 8725 §3.10', () => {
    const extras = {
      jwk: A3_ES256.jwk,
      jku: 'https://evil.example',
      x5u: 'https://evil.example',
      x5c: ['MIIB'],
    }
    const parsed = parseJwt(forge(JSON.stringify({ alg: 'ES256', kid: 'k', typ: 't', ...extras }), CLAIMS))
    expect(parsed.header).toEqual({ alg: 'ES256', kid: 'k', typ: 't' })
    expect(parsed.signingInput.split('.')).toHaveLength(2)
    expect(parsed.signature).toHaveLength(64)
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['dots only', '..'],
    ['one part', header],
    ['two parts', `${header}.${claims}`],
    ['four parts', `${good}.AAAA`],
    ['a trailing dot', `${good}.`],
    ['five parts, as of an encrypted token', `${header}.AAAA.AAAA.AAAA.AAAA`],
    ['no header', `.${claims}.${signature}`],
    ['no claims', `${header}..${signature}`],
    ['no signature', `${header}.${claims}.`],
    ['a leading space', ` ${good}`],
    ['a trailing line break', `${good}\n`],
    ['padding', `${good}==`],
    ['padded claims', `${header}.${claims}=.${signature}`],
    ['the alphabet of plain base64', `${header}.${claims}.${signature.slice(0, -2)}+/`],
    ['trailing bits that are not zero', `${good.slice(0, -1)}${good.endsWith('B') ? 'C' : 'B'}`],
    ['a NUL', `${header}.${claims}\0.${signature}`],
    ['claims that are a list', forge(HEADER, '[]')],
    ['claims that are a text', forge(HEADER, '"sub"')],
    ['claims that are null', forge(HEADER, 'null')],
    ['claims that are no JSON', forge(HEADER, '{sub:1}')],
    ['claims with a comma too many', forge(HEADER, '{"sub":"a",}')],
    ['claims with a comment', forge(HEADER, '{"sub":"a"/**/}')],
    ['claims with text after them', forge(HEADER, '{"sub":"a"}{}')],
    ['claims with a byte order mark', forge(HEADER, '\ufeff{"sub":"a"}')],
    ['claims that are not UTF-8', claimsOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))],
    ['claims in UTF-16', claimsOf(Buffer.from('{"sub":"a"}', 'utf16le'))],
    ['a member __proto__', forge(HEADER, '{"__proto__":{"admin":true}}')],
    ['nesting without end', forge(HEADER, `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`)],
    ['a header that is a list', forge('["ES256"]', CLAIMS)],
    ['a header without alg', forge('{}', CLAIMS)],
    ['an alg that is a list', forge('{"alg":["ES256"]}', CLAIMS)],
    ['a kid that is a number', forge('{"alg":"ES256","kid":1}', CLAIMS)],
    ['a typ that is null', forge('{"alg":"ES256","typ":null}', CLAIMS)],
  ])('refuses %s', (_name, token) => {
    expect(codeFor(token)).toBe('malformed')
  })

  it.each([
    'none',
    'None',
    'NONE',
    'HS256',
    'HS384',
    'HS512',
    'ES384',
    'ES256K',
    'RS1',
    'es256',
    'ES256 ',
    'dir',
    '',
  ])('refuses the algorithm %j, RFC 8725 §3.1', (alg) => {
    expect(codeFor(forge(JSON.stringify({ alg }), CLAIMS))).toBe('alg_not_allowed')
  })

  it.each(['["exp"]', '["b64"]', '[]', 'null', '"exp"', '["https://example.com/x"]'])(
    'refuses crit %s: no extension is understood, RFC 7515 §4.1.11',
    (crit) => {
      expect(codeFor(forge(`{"alg":"ES256","crit":${crit}}`, CLAIMS))).toBe('crit_unknown')
    },
  )

  it('is bounded in size', () => {
    expect(codeFor('a'.repeat(16_385))).toBe('too_large')
    expect(codeOf(() => parseJwt(good, good.length))).toBeNull()
    expect(codeOf(() => parseJwt(good, good.length - 1))).toBe('too_large')
  })
})

describe('members, RFC 8725 §2.4 and RFC 7519 §4', () => {
  it.each([
    ['claims', HEADER, '{"sub":"a","sub":"b"}'],
    ['claims, also with equal values', HEADER, '{"sub":"a","sub":"a"}'],
    ['claims, also where one is escaped', HEADER, '{"sub":"a","\\u0073ub":"b"}'],
    ['claims, also deep inside', HEADER, '{"a":[{"b":{"c":1,"c":2}}]}'],
    ['a header', '{"alg":"ES256","alg":"ES256"}', CLAIMS],
    ['a header that also says none', '{"alg":"none","alg":"ES256"}', CLAIMS],
  ])('that repeat in %s are refused', (_name, header, claims) => {
    expect(codeFor(forge(header, claims))).toBe('claim_repeated')
  })

  it.each([
    '{"a":"b:c","d":"\\":\\"","e":"\\\\","f":{"a":1}}',
    '{"":"","a:b":{"":[":",{}]}}',
    '{ "a" : [ ] , "b" : { } }',
    '{"a\\":\\"a":1,"a":2}',
  ])('that only look alike are not: %s', (claims) => {
    expect(parseJwt(forge(HEADER, claims)).claims).toEqual(JSON.parse(claims))
  })

  it('are never mistaken, for any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (claims) => {
        fc.pre(
          !JSON.stringify(claims).includes('__proto__') &&
            !('exp' in claims || 'iat' in claims || 'nbf' in claims),
        )
        expect(parseJwt(forge(HEADER, JSON.stringify(claims))).claims).toEqual(
          JSON.parse(JSON.stringify(claims)),
        )
      }),
    )
  })

  it('that repeat are found in any object', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (name, a, b) => {
        fc.pre(!JSON.stringify([name, a, b]).includes('__proto__'))
        const member = JSON.stringify(name)
        const claims = `{${member}:${JSON.stringify(a)},${member}:${JSON.stringify(b)}}`
        expect(codeFor(forge(HEADER, claims))).toBe('claim_repeated')
      }),
    )
  })

  const dates = ['exp', 'nbf', 'iat', 'auth_time'].flatMap((name) =>
    [
      '1e999',
      '-1e999',
      '1.5',
      '1800000000.0001',
      '9007199254740993',
      '"1800000000"',
      'null',
      'true',
      '[]',
      '{}',
    ].map((value) => [name, value] as const),
  )
  it.each(dates)('%s = %s is no date', (name, value) => {
    expect(codeFor(forge(HEADER, `{"${name}":${value}}`))).toBe('claim_malformed')
  })

  it('a number too large to hold is refused in any claim', () => {
    expect(codeFor(forge(HEADER, '{"limit":[1e999]}'))).toBe('claim_malformed')
  })

  it('whole numbers are dates however they are written', () => {
    expect(parseJwt(forge(HEADER, '{"exp":1.8e9,"iat":1800000000.0,"nbf":-1}')).claims).toEqual({
      exp: 1_800_000_000,
      iat: 1_800_000_000,
      nbf: -1,
    })
  })
})

describe('whatever comes in, a value or a JwtError comes out', () => {
  const parsesOrRefuses = (token: string): void => {
    try {
      expect(parseJwt(token).signature.length).toBeGreaterThan(0)
    } catch (error) {
      expect(error).toBeInstanceOf(JwtError)
      if (token.length >= 40) expect(String(error)).not.toContain(token.slice(0, 40))
    }
  }

  it('for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), parsesOrRefuses))
  })

  it('for any three parts of any bytes', () => {
    const part = fc.uint8Array().map(encodeBase64url)
    fc.assert(fc.property(fc.tuple(part, part, part), (parts) => parsesOrRefuses(parts.join('.'))))
  })

  it('for any JSON as header and as claims', () => {
    const json = fc.json()
    fc.assert(fc.property(json, json, (header, claims) => parsesOrRefuses(forge(header, claims))))
  })

  it('for a good token with any one character changed', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (index, character) =>
        parsesOrRefuses(good.slice(0, index) + character + good.slice(index + 1)),
      ),
    )
  })
})
