import { importPublicJwk, type SigningKey, sha256, type VerificationKey } from '@doorward/core/crypto'
import { ConfigError } from '../config/errors.ts'
import type { Deps, Keyring } from '../deps.ts'
import type { SigningAlg, SigningKeyRecord } from '../storage/records.ts'
import { makeKeyRecord, openKeyRecord, sealedFor } from './key-record.ts'
import { heldBack, KEY_ALGS, signerAt } from './life.ts'
import { runKeyChores } from './rotation.ts'
import type { SealingSecrets } from './secrets.ts'

/** What the keyring is made from; it seals again where the first secret changed. */
export type KeyringDeps = Pick<Deps, 'config' | 'storage' | 'audit' | 'clock'> & {
  readonly secrets: SealingSecrets
}

type Snapshot = {
  readonly records: readonly SigningKeyRecord[]
  /** By the text of their JWK. */
  readonly publicKeys: ReadonlyMap<string, VerificationKey>
  readonly verificationKeys: readonly VerificationKey[]
  readonly jwks: { readonly body: string; readonly etag: string }
  /** When the next retired key leaves. */
  readonly until: number
}

/**
 * Opens the signing keys, making the first ones where there are none. RSA alone is made in the background:
 * `signer('RS256')` waits for it. Throws ConfigError where a stored key was sealed under another secret.
 */
export async function openKeyring(deps: KeyringDeps): Promise<LiveKeyring> {
  const keyring = new LiveKeyring(deps)
  await keyring.open()
  return keyring
}

/** The signing keys in memory, as new as the last `refresh`. */
export class LiveKeyring implements Keyring {
  readonly #deps: KeyringDeps
  #snapshot: Snapshot = snapshotOf([], new Map(), 0)
  /** By kid, opened once. */
  #privateKeys: ReadonlyMap<string, SigningKey> = new Map()
  /** Which key signs, as found within this second. */
  readonly #signers = new Map<SigningAlg, { readonly at: number; readonly key: SigningKey }>()
  #firstRsa: Promise<void> | null = null
  /** Readings of storage: the last that began, and the last that is shown. */
  #asked = 0
  #shown = 0

  constructor(deps: KeyringDeps) {
    this.#deps = deps
  }

  async open(): Promise<void> {
    await this.refresh()
    const missing = this.#missing()
    const quick = missing.filter((alg) => alg !== 'RS256')
    if (quick.length > 0) {
      await Promise.all(quick.map((alg) => this.#insertFirst(alg)))
      await this.refresh()
    }
    this.#checkAllOpen()
    await this.#reseal()
    if (missing.includes('RS256')) this.#makeFirstRsa().catch((cause) => this.#deps.audit.fault(null, cause))
  }

  async signer(alg: SigningAlg): Promise<SigningKey> {
    const ready = this.#signerNow(alg)
    if (ready !== null) return ready
    if (alg === 'RS256' && this.#missing().includes(alg)) await this.#makeFirstRsa()
    const made = this.#signerNow(alg)
    if (made === null) throw new Error(`No ${alg} signing key can be opened`)
    return made
  }

  verificationKeys(): readonly VerificationKey[] {
    return this.#current().verificationKeys
  }

  jwks(): { readonly body: string; readonly etag: string } {
    return this.#current().jwks
  }

  /** Resolves once every algorithm has its first key, or failed to get it, so that a JWK set served then lacks none. */
  async settled(): Promise<void> {
    if (this.#firstRsa !== null) await this.#firstRsa.catch(() => undefined)
  }

  /** Reads the keys again: another process, or a chore, has changed them. */
  async refresh(): Promise<void> {
    const now = this.#deps.clock()
    this.#asked += 1
    const reading = this.#asked
    const stored = await this.#deps.storage.keys.list(now)
    // Two readings may end in the other order: a key that was taken away must not come back with the older one.
    if (reading < this.#shown) return
    this.#shown = reading
    const { jwksMaxAgeSeconds } = this.#deps.config.keys
    const records = stored.map((record) => heldBack(record, jwksMaxAgeSeconds))
    const opened = new Map<string, SigningKey>()
    for (const record of records) {
      const key = this.#privateKeys.get(record.kid) ?? openKeyRecord(record, this.#deps.secrets)
      if (key !== null && record.retiredAt === null) opened.set(record.kid, key)
    }
    this.#privateKeys = opened
    this.#snapshot = snapshotOf(records, this.#snapshot.publicKeys, now)
    this.#signers.clear()
  }

  /** Rotates what is due; to be called about once a second. Touches storage only when something is. */
  async upkeep(): Promise<void> {
    if (await runKeyChores(this.#deps, this.#snapshot.records)) await this.refresh()
  }

  #signerNow(alg: SigningAlg): SigningKey | null {
    const now = this.#deps.clock()
    const chosen = this.#signers.get(alg)
    if (chosen !== undefined && chosen.at === now) return chosen.key
    const usable = this.#snapshot.records.filter((record) => this.#privateKeys.has(record.kid))
    const record = signerAt(usable, alg, now)
    const key = record === null ? undefined : this.#privateKeys.get(record.kid)
    if (key !== undefined) this.#signers.set(alg, { at: now, key })
    return key ?? null
  }

  #current(): Snapshot {
    const now = this.#deps.clock()
    if (now < this.#snapshot.until) return this.#snapshot
    this.#snapshot = snapshotOf(this.#snapshot.records, this.#snapshot.publicKeys, now)
    return this.#snapshot
  }

  #missing(): readonly SigningAlg[] {
    return KEY_ALGS.filter((alg) => !this.#snapshot.records.some((record) => record.alg === alg))
  }

  async #insertFirst(alg: SigningAlg): Promise<void> {
    const now = this.#deps.clock()
    const record = await makeKeyRecord(alg, this.#deps.secrets, { now, signsFrom: now })
    if (await this.#deps.storage.keys.insertFirst(record)) {
      this.#deps.audit.record({ event: 'key.created', kid: record.kid })
    }
  }

  /** Everybody who asks meanwhile waits for the same one. */
  #makeFirstRsa(): Promise<void> {
    this.#firstRsa ??= this.#insertFirst('RS256')
      .then(() => this.refresh())
      .finally(() => {
        this.#firstRsa = null
      })
    return this.#firstRsa
  }

  #checkAllOpen(): void {
    const closed = this.#snapshot.records.find(
      (record) => record.retiredAt === null && !this.#privateKeys.has(record.kid),
    )
    if (closed === undefined) return
    throw new ConfigError(
      'DOORWARD_SECRET',
      `The signing key ${closed.kid} was sealed under another secret: DOORWARD_SECRET (or the file secret in the ` +
        'data folder) is not the one this database was used with. Give that one, or both as "new,old" to change ' +
        `it. If it is lost, run: doorward keys compromise ${closed.kid}`,
    )
  }

  /** After the first secret changed: seals the keys under it, so that the old one can be dropped. */
  async #reseal(): Promise<void> {
    const { secrets, storage } = this.#deps
    for (const { kid, sealedPrivateJwk: sealed } of this.#snapshot.records) {
      if (sealed === null || secrets.isCurrent(sealed, sealedFor(kid))) continue
      const plaintext = secrets.open(sealed, sealedFor(kid))
      if (plaintext !== null) await storage.keys.reseal(kid, sealed, secrets.seal(plaintext, sealedFor(kid)))
    }
  }
}

/** Keys that stay remain the same objects: caches of verified tokens go by them. */
function snapshotOf(all: readonly SigningKeyRecord[], known: Snapshot['publicKeys'], now: number): Snapshot {
  const records = all.filter((record) => record.goneAt === null || record.goneAt > now)
  const body = `{"keys":[${records.map((record) => record.publicJwk).join(',')}]}`
  const publicKeys = new Map(
    records.map((record) => {
      const key = known.get(record.publicJwk) ?? importPublicJwk(JSON.parse(record.publicJwk), record.alg)
      return [record.publicJwk, key]
    }),
  )
  return {
    records,
    publicKeys,
    verificationKeys: [...publicKeys.values()],
    jwks: { body, etag: `"${sha256(body).slice(0, 22)}"` },
    until: Math.min(...records.map((record) => record.goneAt ?? Number.POSITIVE_INFINITY)),
  }
}
