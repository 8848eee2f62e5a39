import { hkdfSha256, sha256 } from '@doorward/core/crypto'

/** A key-encryption key: it seals nothing but the data keys of rows. */
export type EncryptionKey = {
  /** Names the key in each row that it sealed, and tells nothing of it. */
  readonly id: string
  readonly bytes: Uint8Array
}

/** The first seals, all open. */
export type KeyRing = readonly [EncryptionKey, ...EncryptionKey[]]

/** One key per secret (HKDF, RFC 5869), in their order. */
export function createKeyRing([first, ...others]: readonly [string, ...string[]]): KeyRing {
  return [keyOf(first), ...others.map(keyOf)]
}

function keyOf(secret: string): EncryptionKey {
  const bytes = hkdfSha256(secret, 'doorward client vault')
  return { id: sha256(hkdfSha256(bytes, 'key id')).slice(0, 12), bytes }
}
