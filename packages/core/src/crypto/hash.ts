import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'

declare const brand: unique symbol

/** The SHA-256 of something, base64url: where one is asked for, the secret itself does not pass for it. */
export type Sha256 = string & { readonly [brand]: 'sha256' }

/** What is stored of a token: its SHA-256, base64url, maybe behind the time of its making; no token passes for it. */
export type TokenHash = string & { readonly [brand]: 'token-hash' }

/** SHA-256 of a text (as UTF-8) or of bytes, in base64url. */
export function sha256(data: string | Uint8Array): Sha256 {
  return hash('sha256', data, 'base64url') as Sha256
}

/** The SHA-256 of a text behind another text, which decides where it lies among others; that one may be empty. */
export function prefixedSha256(prefix: string, text: string): TokenHash {
  return (prefix + sha256(text)) as TokenHash
}

/** As node:crypto likes them: it looks at bare bytes for longer than it hashes. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

/** HMAC-SHA-256 (RFC 2104) of a text, in base64url. The bytes of `key` must stay as they are. */
export function hmacSha256(key: Uint8Array, text: string): string {
  const known = keyObjects.get(key)
  const keyObject = known ?? createSecretKey(key)
  if (known === undefined) keyObjects.set(key, keyObject)
  return createHmac('sha256', keyObject).update(text, 'utf8').digest('base64url')
}

/** HKDF-SHA-256 (RFC 5869) without salt: `length` bytes (default 32) for the purpose that `info` names. */
export function hkdfSha256(key: Uint8Array | string, info: string, length = 32): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', info, length))
}

/** Compares two texts in a time that tells nothing about where they differ; their lengths are no secret. */
export function constantTimeEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * `at_hash` of an ID token (OpenID Connect Core §3.1.3.6): the left half of the hash that the ID token's own
 * algorithm uses, in base64url. Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
 */
export function leftHalfHash(alg: string, token: string): string {
  const digest = hash(`sha${/(?:256|384)$/.exec(alg)?.[0] ?? 512}`, token, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
