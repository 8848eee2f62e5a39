import type { SigningKey, VerificationKey } from '@doorward/core/crypto'
import type { AuditEvent } from './audit/events.ts'
import type { Config } from './config/schema.ts'
import type { Storage } from './storage/ports.ts'
import type { SigningAlg } from './storage/records.ts'
import type { Upstreams } from './upstream/providers.ts'

export type { AuditEvent, Config, SigningAlg, Storage }

/** What a request may use. Each file takes a `Pick` of it; only main.ts builds it. */
export type Deps = {
  readonly config: Config
  readonly storage: Storage
  readonly keyring: Keyring
  readonly secrets: Secrets
  readonly passwords: Passwords
  readonly upstreams: Upstreams
  readonly audit: Audit
  /** Integer seconds since 1970. */
  readonly clock: () => number
}

/** The signing keys as requests see them. */
export type Keyring = {
  /** The key that signs now. Waits only for the very first RSA key, which is made off the main thread. */
  signer(alg: SigningAlg): Promise<SigningKey>
  /** Every key in the JWKS: those that wait, that sign, and that signed tokens still alive. */
  verificationKeys(): readonly VerificationKey[]
  /** The JWK set (RFC 7517 §5) and its strong ETag, quotes included (RFC 9110 §8.8.3); made once per change. */
  jwks(): { readonly body: string; readonly etag: string }
}

/** The key-encryption keys. */
export type Secrets = {
  /** AES-256-GCM under the first key; `aad` binds the text to its place (`signing-key:<kid>`). */
  seal(plaintext: string, aad: string): string
  /** Tries every key given; null where none opens it. */
  open(sealed: string, aad: string): string | null
  /** 32 bytes by HKDF from the first key, a different 32 for each purpose (`csrf`, `step`). */
  derive(purpose: string): Uint8Array
}

/** What became of a password check. 'gated': `gate` said no when its turn came, and nothing was hashed. */
type PasswordVerdict = 'match' | 'mismatch' | 'gated'

/** argon2id behind a bounded queue. */
export type Passwords = {
  /** A PHC string. Throws OAuthError temporarily_unavailable, with retryAfter, when the queue is full. */
  hash(password: string): Promise<string>
  /**
   * Checks a password; a null hash costs the same and never matches, so that time tells nobody which accounts
   * exist. `gate` runs when the job reaches the head of the queue, right before hashing. Throws as `hash` does.
   */
  verify(hash: string | null, password: string, gate?: () => Promise<boolean>): Promise<PasswordVerdict>
  /** True where the hash was made with other parameters than today's. */
  needsRehash(hash: string): boolean
}

/** The record of what happened, one structured line each. Never waits and never throws. */
export type Audit = {
  record(event: AuditEvent): void
  /** A failure nobody foresaw: kind and stack are logged under the reference the person was shown. */
  fault(reference: string | null, cause: unknown): void
}
