import {
  generateSigningJwk,
  generateSigningJwkAsync,
  importPrivateJwk,
  publicJwk,
  type SigningKey,
} from '@doorward/core/crypto'
import type { Secrets } from '../deps.ts'
import type { SigningAlg, SigningKeyRecord } from '../storage/records.ts'

type When = { readonly now: number; readonly signsFrom: number }

/** A new signing key for storage, its private part sealed. RSA is made off the main thread. */
export async function makeKeyRecord(
  alg: SigningAlg,
  secrets: Pick<Secrets, 'seal'>,
  when: When,
): Promise<SigningKeyRecord> {
  const jwk = alg === 'RS256' ? await generateSigningJwkAsync(alg) : generateSigningJwk(alg)
  return {
    kid: jwk.kid,
    alg,
    publicJwk: JSON.stringify(publicJwk(jwk)),
    sealedPrivateJwk: secrets.seal(JSON.stringify(jwk), sealedFor(jwk.kid)),
    createdAt: when.now,
    signsFrom: when.signsFrom,
    retiredAt: null,
    goneAt: null,
  }
}

/** The private key of a record; null where no secret opens it, or where it has retired. */
export function openKeyRecord(record: SigningKeyRecord, secrets: Pick<Secrets, 'open'>): SigningKey | null {
  if (record.sealedPrivateJwk === null) return null
  const text = secrets.open(record.sealedPrivateJwk, sealedFor(record.kid))
  if (text === null) return null
  return importPrivateJwk(JSON.parse(text))
}

/** Binds the sealed text to its row, so that rows cannot be swapped in the database. */
export function sealedFor(kid: string): string {
  return `signing-key:${kid}`
}
