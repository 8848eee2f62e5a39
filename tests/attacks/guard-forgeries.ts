import { constants, createHmac, sign } from 'node:crypto'
import { AUDIENCE, type Parties, signatures } from './guard-issuer.ts'

type Json = Readonly<Record<string, unknown>>
type Signer = (input: string) => Uint8Array
type Forgeries = Readonly<Record<string, string>>

const encode = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')
const header = (change: Json = {}): Json => ({ alg: 'ES256', typ: 'at+jwt', kid: 'ec', ...change })
const now = Math.floor(Date.now() / 1000)

const claimsOf = (issuer: string, change: Json = {}): Json => ({
  iss: issuer,
  sub: 'u_1',
  aud: AUDIENCE,
  exp: now + 600,
  iat: now,
  jti: 'j1',
  client_id: 'app',
  scope: 'read',
  ...change,
})

/** A token of exactly these texts or bytes. */
function token(head: Json | string, claims: Json | string | Uint8Array, signer: Signer): string {
  const text = typeof head === 'string' ? head : JSON.stringify(head)
  const body = typeof claims === 'string' || claims instanceof Uint8Array ? claims : JSON.stringify(claims)
  const input = `${encode(text)}.${encode(body)}`
  return `${input}.${encode(signer(input))}`
}

/** A token that is good in every way: the control. One for each kind of key. */
export function goodTokens({ issuer, ec, rsa, ed }: Parties): Forgeries {
  const claims = claimsOf(issuer)
  return {
    ES256: token(header(), claims, signatures.es256(ec)),
    RS256: token(header({ alg: 'RS256', kid: 'rsa' }), claims, signatures.rsa(rsa, 'sha256')),
    EdDSA: token(header({ alg: 'EdDSA', kid: 'ed' }), claims, signatures.eddsa(ed)),
  }
}

/** Algorithm confusion, RFC 8725 §2.1 and §3.1. */
export function wrongAlgorithms({ issuer, ec, rsa, published }: Parties): Forgeries {
  const claims = claimsOf(issuer)
  const nothing: Signer = () => new Uint8Array()
  const es256 = signatures.es256(ec)
  const hmac =
    (key: string, hash = 'sha256'): Signer =>
    (input) =>
      createHmac(hash, key).update(input).digest()
  const pss: Signer = (input) =>
    sign('sha256', Buffer.from(input), { key: rsa, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  const hs256 = (key: string, kid: string) => token(header({ alg: 'HS256', kid }), claims, hmac(key))
  const by = (change: Json, signer: Signer) => token(header(change), claims, signer)
  return {
    'alg none': by({ alg: 'none' }, nothing),
    'alg None': by({ alg: 'None' }, nothing),
    'alg NONE': by({ alg: 'NONE' }, nothing),
    'alg nOnE': by({ alg: 'nOnE' }, nothing),
    'alg none with a signature': by({ alg: 'none' }, es256),
    'alg none without kid': by({ alg: 'none', kid: undefined }, nothing),
    'alg empty': by({ alg: '' }, es256),
    'no alg': by({ alg: undefined }, es256),
    'alg null': by({ alg: null }, es256),
    'alg as a list': by({ alg: ['ES256'] }, es256),
    'alg in small letters': by({ alg: 'es256' }, es256),
    'alg with a space': by({ alg: 'ES256 ' }, es256),
    'HS256 with the PEM of the RSA key': hs256(published.rsa, 'rsa'),
    'HS256 with the PKCS#1 PEM of the RSA key': hs256(published.rsaPkcs1, 'rsa'),
    'HS256 with the PEM of the EC key': hs256(published.ec, 'ec'),
    'HS256 with the key set as text': hs256(published.jwks, 'ec'),
    'HS256 with nothing': hs256('', 'ec'),
    'HS256 with a symmetric key that the issuer published': hs256('secret', 'oct'),
    'ES256 under the name of a symmetric key': by({ kid: 'oct' }, es256),
    HS384: by({ alg: 'HS384' }, hmac(published.ec, 'sha384')),
    HS512: by({ alg: 'HS512' }, hmac(published.ec, 'sha512')),
    'ES384 with the P-256 key': by({ alg: 'ES384' }, (input) =>
      sign('sha384', Buffer.from(input), { key: ec, dsaEncoding: 'ieee-p1363' }),
    ),
    'RS512 with the RSA key': by({ alg: 'RS512', kid: 'rsa' }, signatures.rsa(rsa, 'sha512')),
    'RS1 (SHA-1) with the RSA key': by({ alg: 'RS1', kid: 'rsa' }, signatures.rsa(rsa, 'sha1')),
    'RS256 over SHA-1': by({ alg: 'RS256', kid: 'rsa' }, signatures.rsa(rsa, 'sha1')),
    'PS256 with a key for RS256': by({ alg: 'PS256', kid: 'rsa' }, pss),
    'PS256 called RS256': by({ alg: 'RS256', kid: 'rsa' }, pss),
    'RS256 under the name of the EC key': by({ alg: 'RS256' }, signatures.rsa(rsa, 'sha256')),
    'ES256 under the name of the RSA key': by({ kid: 'rsa' }, es256),
    'EdDSA under the name of the EC key': by({ alg: 'EdDSA' }, es256),
  }
}

/** Keys that are not the issuer's, RFC 8725 §3.10. */
export function wrongKeys({ issuer, attacker, ec }: Parties): Forgeries {
  const claims = claimsOf(issuer)
  const evil = signatures.es256(attacker.key)
  const by = (change: Json) => token(header(change), claims, evil)
  const { jwk, address } = attacker
  return {
    'another key under the issuer’s kid': by({}),
    'another key without kid': by({ kid: undefined }),
    'an unknown kid': by({ kid: 'evil' }),
    'the key in the header': by({ kid: 'evil', jwk }),
    'the key in the header, under the issuer’s kid': by({ jwk: { ...jwk, kid: 'ec' } }),
    'the key by jku': by({ kid: 'evil', jku: `${address}/jwks` }),
    'the key by x5u': by({ kid: 'evil', x5u: `${address}/cert` }),
    'the key by x5c': by({ kid: 'evil', x5c: ['MIIB'] }),
    'a kid that is an address': by({ kid: `${address}/jwks` }),
    'a kid that is a path': by({ kid: '../../../../dev/null' }),
    'a kid that is SQL': by({ kid: "ec' OR '1'='1" }),
    'a kid __proto__': by({ kid: '__proto__' }),
    'a kid constructor': by({ kid: 'constructor' }),
    'an empty kid': by({ kid: '' }),
    'a kid that is a number': token(header({ kid: 0 }), claims, signatures.es256(ec)),
    'a kid that is an object': token(header({ kid: { ec: true } }), claims, signatures.es256(ec)),
    'a key that is for encryption': by({ kid: 'enc' }),
    'claims of an issuer of the attacker’s': token(
      header({ kid: 'evil' }),
      { ...claims, iss: address },
      evil,
    ),
  }
}

/** Signatures that are none, FIPS 186-5 §6.4.2, RFC 8032 §5.1.7. */
export function wrongSignatures(parties: Parties): Forgeries {
  const { issuer, ec } = parties
  const { ES256 = '', RS256 = '', EdDSA = '' } = goodTokens(parties)
  const cut = (good: string) => good.slice(0, good.lastIndexOf('.') + 1)
  const bytes = (good: string) => Buffer.from(good.slice(good.lastIndexOf('.') + 1), 'base64url')
  const withBytes = (good: string, signature: Uint8Array) => cut(good) + encode(signature)
  const flip = (good: string) =>
    withBytes(
      good,
      bytes(good).map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
    )
  const [r, s] = [bytes(ES256).subarray(0, 32), bytes(ES256).subarray(32)]
  const zero = Buffer.alloc(32)
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
  const es = (...parts: Uint8Array[]) => withBytes(ES256, Buffer.concat(parts))
  const [head = '', claims = ''] = ES256.split('.')
  return {
    'no signature': cut(ES256),
    'ES256 of one byte': es(Buffer.of(1)),
    'ES256 of 63 bytes': es(r, s.subarray(1)),
    'ES256 of 65 bytes': es(r, s, Buffer.of(0)),
    'ES256 of 4 KiB': es(Buffer.alloc(4096, 1)),
    'ES256 in DER': token(header(), claimsOf(issuer), signatures.der(ec)),
    'ES256 of zeros (CVE-2022-21449)': es(zero, zero),
    'ES256 with r = 0': es(zero, s),
    'ES256 with s = 0': es(r, zero),
    'ES256 with r = n': es(order, s),
    'ES256 with s = n': es(r, order),
    'ES256 of ones': es(Buffer.alloc(64, 0xff)),
    'ES256 with r and s exchanged': es(s, r),
    'ES256 with a bit flipped': flip(ES256),
    'ES256 of another token':
      cut(token(header(), claimsOf(issuer, { sub: 'u_2' }), signatures.es256(ec))) + encode(bytes(ES256)),
    'ES256 over the claims alone': `${head}.${claims}.${encode(signatures.es256(ec)(claims))}`,
    'ES256 over text that is not encoded': `${head}.${claims}.${encode(signatures.es256(ec)(JSON.stringify(claimsOf(issuer))))}`,
    'RS256 cut short': withBytes(RS256, bytes(RS256).subarray(0, 255)),
    'RS256 of zeros': withBytes(RS256, Buffer.alloc(256)),
    'RS256 of ones': withBytes(RS256, Buffer.alloc(256, 0xff)),
    'RS256 with a bit flipped': flip(RS256),
    'EdDSA of zeros': withBytes(EdDSA, Buffer.alloc(64)),
    'EdDSA of 63 bytes': withBytes(EdDSA, bytes(EdDSA).subarray(0, 63)),
    'EdDSA with S past the order': withBytes(
      EdDSA,
      Buffer.concat([bytes(EdDSA).subarray(0, 32), Buffer.alloc(32, 0xff)]),
    ),
    'EdDSA with a bit flipped': flip(EdDSA),
  }
}

/** Texts that are not one JWT in its one spelling, RFC 7515 §7.1, though signed by the issuer's own key. */
export function wrongForms(parties: Parties): Forgeries {
  const { issuer, ec } = parties
  const es256 = signatures.es256(ec)
  const { ES256: good = '' } = goodTokens(parties)
  const [head = '', body = '', signature = ''] = good.split('.')
  const json = JSON.stringify(claimsOf(issuer))
  const signed = (claims: string | Uint8Array) => token(header(), claims, es256)
  const headed = (text: string) => token(text, json, es256)
  return {
    'two parts': `${head}.${body}`,
    'four parts': `${good}.${signature}`,
    'five parts, as an encrypted token': `${head}..${body}.${signature}.AAAA`,
    'a dot at the end': `${good}.`,
    'a dot in front': `.${good}`,
    'dots only': '..',
    'JSON serialization': JSON.stringify({ payload: body, protected: head, signature }).replaceAll(' ', ''),
    'a padded signature': `${good}==`,
    'padded claims': `${head}.${body}=.${signature}`,
    'the alphabet of plain base64': `${head}.${body}.${signature.replace(/^../, '+/')}`,
    'bits left over in the signature': good.slice(0, -1) + (good.endsWith('B') ? 'C' : 'B'),
    words: 'let-me-in',
    'a text beyond ASCII': 'é.é.é',
    'no claims': `${head}..${signature}`,
    'claims that are no JSON': signed('sub=u_1'),
    'claims that are a list': signed(`[${json}]`),
    'claims that are a text': signed(JSON.stringify(json)),
    'claims that are null': signed('null'),
    'claims with a byte order mark': signed(`\ufeff${json}`),
    'claims in UTF-16': signed(Buffer.from(json, 'utf16le')),
    'claims that are not UTF-8': signed(
      Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from(`",${json.slice(1)}`)]),
    ),
    'claims nested without end': signed(`{"x":${'['.repeat(4000)}${']'.repeat(4000)},${json.slice(1)}`),
    'claims with __proto__': signed(`{"__proto__":{"roles":["admin"]},${json.slice(1)}`),
    'sub twice': signed(`{"sub":"u_admin",${json.slice(1)}`),
    'sub twice, once escaped': signed(`{"\\u0073ub":"u_admin",${json.slice(1)}`),
    'exp twice': signed(`${json.slice(0, -1)},"exp":9999999999}`),
    'a member twice, deep inside': signed(`{"x":{"y":[{"z":1,"z":2}]},${json.slice(1)}`),
    'alg twice in the header': headed('{"alg":"none","typ":"at+jwt","kid":"ec","alg":"ES256"}'),
    'a header that is no JSON': headed('alg=ES256'),
    'a header that is a list': headed('["ES256"]'),
    'crit with exp': headed(JSON.stringify(header({ crit: ['exp'] }))),
    'crit with b64': headed(JSON.stringify(header({ crit: ['b64'], b64: true }))),
    'an empty crit': headed(JSON.stringify(header({ crit: [] }))),
    'an unknown crit': headed(JSON.stringify(header({ crit: ['https://example.com/x'] }))),
    'no typ': headed(JSON.stringify(header({ typ: undefined }))),
    'typ JWT, as of an ID token': headed(JSON.stringify(header({ typ: 'JWT' }))),
    'typ logout+jwt': headed(JSON.stringify(header({ typ: 'logout+jwt' }))),
    'typ that is a list': headed(JSON.stringify(header({ typ: ['at+jwt'] }))),
    '12 KiB of claims that are no JSON': signed('x'.repeat(9000)),
  }
}

/** Claims that RFC 7519 §4.1 and RFC 9068 §4 refuse, signed by the issuer's own key. */
export function wrongClaims({ issuer, ec }: Parties): Forgeries {
  const by = (change: Json) => token(header(), claimsOf(issuer, change), signatures.es256(ec))
  const text = (claims: string) => token(header(), claims, signatures.es256(ec))
  const endless = JSON.stringify(claimsOf(issuer, { exp: 0 })).replace('"exp":0', '"exp":1e999')
  const missing = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id']
  return {
    ...Object.fromEntries(missing.map((name) => [`no ${name}`, by({ [name]: undefined })])),
    'an exp in the past': by({ exp: now - 1 }),
    'an exp of zero': by({ exp: 0 }),
    'an exp below zero': by({ exp: -1 }),
    'an exp that is a text': by({ exp: '9999999999' }),
    'an exp that is null': by({ exp: null }),
    'an exp with a fraction': by({ exp: now + 600.5 }),
    'an endless exp': text(endless),
    'an nbf in the future': by({ nbf: now + 300 }),
    'an iat in the future': by({ iat: now + 3600 }),
    'another issuer': by({ iss: 'https://evil.example' }),
    'the issuer with a slash more': by({ iss: `${issuer}/` }),
    'a list of issuers': by({ iss: [issuer] }),
    'another audience': by({ aud: 'https://other.example' }),
    'an audience that only starts alike': by({ aud: `${AUDIENCE}.evil.example` }),
    'no audience in the list': by({ aud: [] }),
    'an audience that is an object': by({ aud: { [AUDIENCE]: true } }),
    'a list with something else than texts': by({ aud: [AUDIENCE, 1] }),
    'a sub that is a number': by({ sub: 1 }),
    'a scope that is a list': by({ scope: ['read', 'admin'] }),
    'roles that are a text': by({ roles: 'admin' }),
    'a token bound to a DPoP key': by({ cnf: { jkt: 'x' } }),
    'a token bound to a certificate': by({ cnf: { 'x5t#S256': 'x' } }),
  }
}
