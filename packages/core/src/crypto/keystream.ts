import { hash } from 'node:crypto'
import { decodeBase64url } from './base64url.ts'
import { randomToken } from './random.ts'

/** As many bytes as a keystream has: a SHA-512 digest. */
const MOST_BYTES = 64
const SALT_BYTES = 16
/** Base64url of so many bytes. */
const SALT_LENGTH = 22

/**
 * Seals a text of at most 64 bytes as `<salt><ciphertext>` in base64url: XOR with a keystream, SHA-512 over a place, a random
 * salt and a secret of 256 random bits. Who does not have the secret learns nothing but the length. Nothing tells whether
 * it was changed, so what opens is to be looked up or compared. Half the work of AES-GCM or less, which makes a key
 * object and a cipher of each new secret. Throws RangeError for a longer text.
 */
export function sealByKeystream(secret: string, place: string, text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > MOST_BYTES) throw new RangeError('A keystream covers 64 bytes')
  const salt = randomToken(SALT_BYTES)
  return salt + xor(bytes, keystream(secret, place, salt)).toString('base64url')
}

/** Opens what `sealByKeystream` sealed under this secret and place; else another text, or null where it is no such thing. */
export function openByKeystream(secret: string, place: string, sealed: string): string | null {
  const bytes = decodeBase64url(sealed.slice(SALT_LENGTH))
  if (sealed.length < SALT_LENGTH || bytes === null || bytes.length > MOST_BYTES) return null
  return xor(bytes, keystream(secret, place, sealed.slice(0, SALT_LENGTH))).toString('utf8')
}

// The length, so that no other place, salt and secret make the same text.
const keystream = (secret: string, place: string, salt: string): Buffer =>
  hash('sha512', `keystream:${place.length}:${place}:${salt}:${secret}`, 'buffer')

function xor(bytes: Uint8Array, stream: Buffer): Buffer {
  for (let at = 0; at < bytes.length; at += 1) stream[at] = (stream[at] ?? 0) ^ (bytes[at] ?? 0)
  return stream.subarray(0, bytes.length)
}
