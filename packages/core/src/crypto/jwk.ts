import { hash } from 'node:crypto'
import { JwtError } from '../jwt-error.ts'
import { decodeBase64url } from './base64url.ts'

/** The signature algorithms of RFC 7518 §3.1 and RFC 8037 §3.1 that Doorward speaks. Asymmetric ones only. */
export const SIGNING_ALGS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
/** The name of a signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlg = (typeof SIGNING_ALGS)[number]

/**
 * The algorithm behind a name that came in; undefined where it is none of ours. `Ed25519` is what newer
 * libraries call EdDSA over that curve (RFC 9864 §2.2), and we speak it over no other.
 */
export function signingAlgNamed(name: unknown): SigningAlg | undefined {
  if (name === 'Ed25519') return 'EdDSA'
  return SIGNING_ALGS.find((alg) => alg === name)
}

type JwkFacts = { readonly kid?: string; readonly alg?: SigningAlg; readonly use?: 'sig' }
type EcKey = { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
type RsaKey = { readonly kty: 'RSA'; readonly n: string; readonly e: string }
type OkpKey = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
type RsaSecrets = {
  readonly p: string
  readonly q: string
  readonly dp: string
  readonly dq: string
  readonly qi: string
}

/** A public key for signatures as a JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). */
export type PublicJwk = JwkFacts & (EcKey | RsaKey | OkpKey)

/** A private key for signatures. It always has its `kid` and `alg`. */
export type PrivateJwk = {
  readonly kid: string
  readonly alg: SigningAlg
  readonly use: 'sig'
  readonly d: string
} & (EcKey | (RsaKey & RsaSecrets) | OkpKey)

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const ALGS_OF = { EC: ['ES256'], RSA: ['RS256', 'PS256'], OKP: ['EdDSA'] } as const satisfies Record<
  string,
  readonly SigningAlg[]
>
const MIN_RSA_BITS = 2048
/** Larger keys verify so slowly that one could be used to tie up a CPU. */
const MAX_RSA_BITS = 8192
const MAX_EXPONENT_BYTES = 4

type Members = Readonly<Record<string, unknown>>

/**
 * Reads a public JWK from JSON and keeps only what it needs: never `x5c`, `x5u` or unknown members. Throws
 * JwtError `key_unusable` for a symmetric or private key, another curve, RSA under 2048 bits (RFC 7518 §3.3),
 * and a key that says it is for something else than signatures.
 */
export function parsePublicJwk(value: unknown): PublicJwk {
  const jwk = parseMembers(value)
  if (PRIVATE_MEMBERS.some((name) => name in jwk)) throw unusable('it holds a private or symmetric part')
  return parseKeyWithFacts(jwk, 'verify')
}

/** Reads a private JWK from JSON. Without `kid` it gets its thumbprint, without `alg` its first. Throws as above. */
export function parsePrivateJwk(value: unknown): PrivateJwk {
  const jwk = parseMembers(value)
  const pub = parseKeyWithFacts(jwk, 'sign')
  const key = keyMembers(pub)
  const facts = {
    kid: pub.kid ?? jwkThumbprint(pub),
    alg: pub.alg ?? ALGS_OF[pub.kty][0],
    use: 'sig',
    d: text(jwk, 'd'),
  } as const
  if (key.kty !== 'RSA') return { ...key, ...facts }
  const [p, q, dp, dq, qi] = [
    text(jwk, 'p'),
    text(jwk, 'q'),
    text(jwk, 'dp'),
    text(jwk, 'dq'),
    text(jwk, 'qi'),
  ]
  return { ...key, ...facts, p, q, dp, dq, qi }
}

/** The public half of a private JWK, as it goes into a key set. */
export function publicJwk(jwk: PrivateJwk): PublicJwk {
  return { ...keyMembers(jwk), kid: jwk.kid, alg: jwk.alg, use: 'sig' }
}

/** The thumbprint of a key: SHA-256 over its required members in order (RFC 7638 §3, RFC 8037 App. A.3). */
export function jwkThumbprint(jwk: PublicJwk | PrivateJwk): string {
  const { kty } = jwk
  if (kty === 'EC') return digest({ crv: jwk.crv, kty, x: jwk.x, y: jwk.y })
  if (kty === 'RSA') return digest({ e: jwk.e, kty, n: jwk.n })
  return digest({ crv: jwk.crv, kty, x: jwk.x })
}

/** The algorithms that a key can sign with: its own `alg`, else all of its type (RFC 8725 §3.1). */
export function algsOfJwk(jwk: PublicJwk): readonly SigningAlg[] {
  return jwk.alg === undefined ? ALGS_OF[jwk.kty] : [jwk.alg]
}

function digest(members: Record<string, string>): string {
  return hash('sha256', JSON.stringify(members), 'base64url')
}

function parseMembers(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unusable('it is not a JSON object')
  return value as Members
}

function parseKeyWithFacts(jwk: Members, operation: 'sign' | 'verify'): PublicJwk {
  const key = parseKey(jwk)
  if (jwk.use !== undefined && jwk.use !== 'sig') throw unusable('its use is not sig')
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes(operation))) {
    throw unusable(`its key_ops lack ${operation}`)
  }
  const algs: readonly SigningAlg[] = ALGS_OF[key.kty]
  const named = signingAlgNamed(jwk.alg)
  const alg = algs.find((candidate) => candidate === named)
  if (jwk.alg !== undefined && alg === undefined) throw unusable('its alg is not supported for its type')
  const kid = jwk.kid
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) throw unusable('its kid is not a text')
  return { ...key, ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }), use: 'sig' }
}

function parseKey(jwk: Members): EcKey | RsaKey | OkpKey {
  if (jwk.kty === 'EC') {
    if (jwk.crv !== 'P-256') throw unusable('its curve is not P-256')
    return { kty: 'EC', crv: 'P-256', x: coordinate(jwk, 'x'), y: coordinate(jwk, 'y') }
  }
  if (jwk.kty === 'OKP') {
    if (jwk.crv !== 'Ed25519') throw unusable('its curve is not Ed25519')
    return { kty: 'OKP', crv: 'Ed25519', x: coordinate(jwk, 'x') }
  }
  if (jwk.kty !== 'RSA') throw unusable('its type is not EC, RSA or OKP')
  checkModulus(bytes(jwk, 'n'))
  checkExponent(bytes(jwk, 'e'))
  return { kty: 'RSA', n: text(jwk, 'n'), e: text(jwk, 'e') }
}

function checkModulus(n: Uint8Array): void {
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24
  if (n[0] === 0) throw unusable('its modulus starts with zeros')
  if (bits < MIN_RSA_BITS) throw unusable('RSA needs at least 2048 bits')
  if (bits > MAX_RSA_BITS) throw unusable('RSA is limited to 8192 bits')
}

function checkExponent(e: Uint8Array): void {
  const value = e.reduce((sum, byte) => sum * 256 + byte, 0)
  if (e.length > MAX_EXPONENT_BYTES || value < 3 || value % 2 === 0)
    throw unusable('its RSA exponent is not usable')
}

function coordinate(jwk: Members, name: string): string {
  if (bytes(jwk, name).length !== 32) throw unusable(`its member ${name} is not 32 bytes`)
  return text(jwk, name)
}

function bytes(jwk: Members, name: string): Uint8Array {
  const decoded = decodeBase64url(text(jwk, name))
  if (decoded === null || decoded.length === 0) throw unusable(`its member ${name} is not base64url`)
  return decoded
}

function text(jwk: Members, name: string): string {
  const value = jwk[name]
  if (typeof value !== 'string') throw unusable(`its member ${name} is missing`)
  return value
}

function keyMembers(jwk: PublicJwk | PrivateJwk): EcKey | RsaKey | OkpKey {
  if (jwk.kty === 'EC') return { kty: 'EC', crv: jwk.crv, x: jwk.x, y: jwk.y }
  if (jwk.kty === 'RSA') return { kty: 'RSA', n: jwk.n, e: jwk.e }
  return { kty: 'OKP', crv: jwk.crv, x: jwk.x }
}

function unusable(detail: string): JwtError {
  return new JwtError('key_unusable', detail)
}
