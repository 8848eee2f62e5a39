import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { decodeBase64url } from './base64url.ts'
import { drawBytes } from './random.ts'

const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a text with AES-256-GCM (SP 800-38D) under a key of 32 bytes, as `v1.<iv>.<ciphertext and tag>`.
 * `aad` binds the result to its place, so that a sealed value moved to another row does not open.
 */
export function sealAesGcm(key: Uint8Array, plaintext: string, aad: string): string {
  const iv = drawBytes(IV_BYTES)
  // As a KeyObject: node:crypto takes three times as long to look at bare bytes as to encrypt.
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv).setAAD(Buffer.from(aad, 'utf8'))
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${iv.toString('base64url')}.${sealed.toString('base64url')}`
}

/** Opens what `sealAesGcm` sealed, or answers null: wrong key, wrong `aad`, or anything changed. */
export function openAesGcm(key: Uint8Array, sealed: string, aad: string): string | null {
  const [version, ivText, dataText, ...rest] = sealed.split('.')
  if (version !== VERSION || ivText === undefined || dataText === undefined || rest.length > 0) return null
  const iv = decodeBase64url(ivText)
  const data = decodeBase64url(dataText)
  if (iv?.length !== IV_BYTES || data === null || data.length < TAG_BYTES) return null
  const split = data.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(aad, 'utf8'))
    .setAuthTag(data.subarray(split))
  try {
    return Buffer.concat([decipher.update(data.subarray(0, split)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
