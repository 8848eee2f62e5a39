import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import * as jose from 'jose'
import { describe, expect, it } from 'vitest'
import {
  encodeBase64url,
  generateSigningJwk,
  generateSigningJwkAsync,
  importPrivateJwk,
  importPublicJwk,
  publicJwk,
  verificationKey,
} from '../../src/crypto/index.ts'
import {
  findSigner,
  JwtError,
  type JwtErrorCode,
  parseJwt,
  signJwt,
  type VerifyRules,
  verifyJwt,
  verifySignature,
} from '../../src/jwt/index.ts'
import { CLAIMS, codeOf, forge, HEADER, key, keys, NOW } from './forge.ts'
import { A2_RS256, A3_ES256, JOE_CLAIMS } from './vectors.ts'

const rules: VerifyRules = { keys, typ: ['at+jwt'], now: NOW }
const codeFor = (token: string, change: Partial<VerifyRules> = {}): JwtErrorCode | null =>
  codeOf(() => verifyJwt(token, { ...rules, ...change }))
const other = importPrivateJwk(generateSigningJwk('ES256'))
const good = forge(HEADER, CLAIMS)

describe('signatures', () => {
  it.each([
    ['RFC 7515 App. A.2 (RS256)', A2_RS256],
    ['RFC 7515 App. A.3 (ES256)', A3_ES256],
  ])('%s verifies until it expires', (_name, { token, jwk }) => {
    const example = { keys: [importPublicJwk(jwk)], typ: null }
    expect(verifyJwt(token, { ...example, now: JOE_CLAIMS.exp - 1 }).claims).toEqual(JOE_CLAIMS)
    expect(codeFor(token, { ...example, now: JOE_CLAIMS.exp })).toBe('expired')
    expect(codeFor(token, { ...example, now: JOE_CLAIMS.exp, allowExpired: true })).toBeNull()
  })

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)(
    '%s: jose verifies what we sign, and we what jose signs',
    async (alg) => {
      const jwk = await generateSigningJwkAsync(alg)
      const signer = importPrivateJwk(jwk)
      const ours = signJwt({ typ: 'at+jwt' }, { sub: 'é', exp: NOW + 60 }, signer)
      const theirs = await new jose.SignJWT({ sub: 'é', exp: NOW + 60 })
        .setProtectedHeader({ alg, kid: jwk.kid, typ: 'at+jwt' })
        .sign(await jose.importJWK({ ...jwk }, alg))
      const publicKey = await jose.importJWK({ ...publicJwk(jwk) }, alg)
      const read = await jose.jwtVerify(ours, publicKey, { currentDate: new Date(NOW * 1000), typ: 'at+jwt' })
      expect(read.payload).toEqual({ sub: 'é', exp: NOW + 60 })
      expect(read.protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: jwk.kid })
      const mine = verifyJwt(theirs, { ...rules, keys: [verificationKey(signer)] })
      expect(mine.claims).toEqual({ sub: 'é', exp: NOW + 60 })
    },
  )

  it('of another key are refused, whether it is named or not', () => {
    expect(codeFor(forge(HEADER, CLAIMS, other))).toBe('signature_wrong')
    expect(codeFor(forge('{"alg":"ES256","typ":"at+jwt"}', CLAIMS, other))).toBe('signature_wrong')
    expect(codeFor(signJwt({ typ: 'at+jwt' }, { exp: NOW + 1 }, other))).toBe('key_unknown')
    expect(codeFor(good, { keys: [] })).toBe('key_unknown')
  })

  it('are found without kid among all keys of the algorithm, at most four, RFC 7515 §4.1.4', () => {
    const token = forge('{"alg":"ES256","typ":"at+jwt"}', CLAIMS)
    const strangers = Array.from({ length: 4 }, () => verificationKey(other))
    expect(codeFor(token, { keys: [...strangers.slice(1), ...keys] })).toBeNull()
    expect(codeFor(token, { keys: [...strangers, ...keys] })).toBe('signature_wrong')
  })

  it('must be of the algorithm that the key is for, RFC 8725 §3.1', async () => {
    const { alg: _alg, ...jwk } = await generateSigningJwkAsync('RS256')
    const [rs256, ps256] = [
      importPrivateJwk({ ...jwk, alg: 'RS256' }),
      importPrivateJwk({ ...jwk, alg: 'PS256' }),
    ]
    const token = signJwt({ typ: 'at+jwt' }, { exp: NOW + 60 }, rs256)
    expect(codeFor(token, { keys: [verificationKey(rs256)] })).toBeNull()
    expect(codeFor(token, { keys: [verificationKey(ps256)] })).toBe('alg_not_allowed')
    expect(verifySignature(parseJwt(token), verificationKey(ps256))).toBe(false)
    const mislabelled = forge(JSON.stringify({ alg: 'PS256', typ: 'at+jwt' }), CLAIMS, rs256)
    expect(verifySignature(parseJwt(mislabelled), verificationKey(rs256))).toBe(false)
    expect(codeFor(mislabelled, { keys: [verificationKey(rs256)] })).toBe('alg_not_allowed')
  })

  it('made with a public key as an HMAC secret are refused, RFC 8725 §2.1', async () => {
    const rsa = verificationKey(importPrivateJwk(await generateSigningJwkAsync('RS256')))
    const pem = rsa.key.export({ type: 'spki', format: 'pem' })
    const input = `${encodeBase64url(JSON.stringify({ alg: 'HS256', kid: rsa.kid, typ: 'at+jwt' }))}.${encodeBase64url(CLAIMS)}`
    const token = `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
    expect(codeFor(token, { keys: [rsa] })).toBe('alg_not_allowed')
  })

  it('by a key that the token brings along are refused, RFC 8725 §3.10', () => {
    const jwk = publicJwk(generateSigningJwk('ES256'))
    const own = importPrivateJwk({ ...A3_ES256.jwk, d: A3_ES256.d, kid: 'own' })
    const header = { alg: 'ES256', typ: 'at+jwt', jwk: { ...A3_ES256.jwk, kid: 'own' } }
    expect(codeFor(forge(JSON.stringify(header), CLAIMS, own))).toBe('signature_wrong')
    expect(codeFor(forge(JSON.stringify({ ...header, kid: 'own' }), CLAIMS, own))).toBe('key_unknown')
    expect(codeFor(forge(JSON.stringify({ ...header, jwk }), CLAIMS))).toBeNull()
  })

  it('tell which key made them', () => {
    expect(findSigner(parseJwt(good), [verificationKey(other), ...keys])).toBe(keys[0])
  })

  it('do not survive any change of the token', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...'AZaz09-_.'), (index, character) => {
        const changed = good.slice(0, index) + character + good.slice(index + 1)
        fc.pre(changed !== good)
        expect(() => verifyJwt(changed, rules)).toThrow(JwtError)
      }),
      { numRuns: 400 },
    )
  })
})

describe('typ, RFC 8725 §3.11 and RFC 9068 §4', () => {
  const typed = (typ: string | undefined) =>
    forge(JSON.stringify({ alg: 'ES256', kid: key.kid, typ }), CLAIMS)

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])(
    '%s is an access token',
    (typ) => {
      expect(codeFor(typed(typ))).toBeNull()
    },
  )

  it.each(['JWT', 'logout+jwt', '', 'at+jwt ', 'application/', 'text/at+jwt', undefined])(
    '%j is none',
    (typ) => {
      expect(codeFor(typed(typ))).toBe('typ_wrong')
    },
  )

  it('is not looked at where null is asked for', () => {
    expect(codeFor(typed('JWT'), { typ: null })).toBeNull()
    expect(codeFor(typed(undefined), { typ: null })).toBeNull()
    expect(codeFor(typed('JWT'), { typ: [] })).toBe('typ_wrong')
  })
})
