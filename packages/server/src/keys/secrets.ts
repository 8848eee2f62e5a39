import { createKeyRing, type KeyRing } from '@doorward/client/vault'
import { hkdfSha256, openAesGcm, sealAesGcm } from '@doorward/core/crypto'
import type { Secrets } from '../deps.ts'

/** Secrets as the keyring needs them: it also asks whether a text was sealed under the key of today. */
export type SealingSecrets = Secrets & {
  /** True where the first key opens the text; false where only a later one does, or none. */
  isCurrent(sealed: string, aad: string): boolean
  /** The same secrets as keys of the vault, in which providers' tokens are: the first seals, all open. */
  readonly ring: KeyRing
}

/** Key-encryption keys from the secrets given: the first seals and derives, all open (RFC 5869). */
export function createSecrets(secrets: readonly [string, ...string[]]): SealingSecrets {
  const keys = secrets.map((secret) => hkdfSha256(secret, 'doorward/seal'))
  const first = hkdfSha256(secrets[0], 'doorward/seal')
  const open = (sealed: string, aad: string): string | null => {
    for (const key of keys) {
      const plaintext = openAesGcm(key, sealed, aad)
      if (plaintext !== null) return plaintext
    }
    return null
  }
  return {
    seal: (plaintext, aad) => sealAesGcm(first, plaintext, aad),
    open,
    derive: (purpose) => hkdfSha256(secrets[0], `doorward/derive/${purpose}`),
    ring: createKeyRing(secrets),
    isCurrent: (sealed, aad) => openAesGcm(first, sealed, aad) !== null,
  }
}
