import { openAesGcm, randomToken, sealAesGcm } from '@doorward/core/crypto'
import type { TokenSet } from '../exchange/token-set.ts'
import type { VaultRow } from '../ports.ts'
import type { KeyRing } from './key-ring.ts'

/** What a row holds. */
export type Kept = {
  /** The provider's id: sealed too, so that nobody who writes to the database has tokens sent elsewhere. */
  readonly provider: string
  readonly tokens: TokenSet
}

/** What a row held. */
export type Opened = Kept & {
  /** When the tokens came, in seconds. */
  readonly since: number
}

/** Seals tokens into rows of the store, and opens them again. */
export type Sealer = {
  /** A new row for what `ref` names; `expiresAt` in seconds is when it may be swept. */
  seal(ref: string, kept: Kept, expiresAt: number): VaultRow
  /** The row after `row`, with fresh tokens and a fresh data key. */
  sealNext(row: VaultRow, kept: Kept): VaultRow
  /** null where no key opens it: its secret is not in the list, or the row was tampered with. */
  open(row: VaultRow): Opened | null
  /** The row's data key, sealed under the first key; null where no key opens it. */
  reseal(row: VaultRow): { readonly keyId: string; readonly sealedKey: string } | null
}

/**
 * Envelope encryption with AES-256-GCM: the tokens under a random key of their row, that key under one of the ring.
 * Both are bound to the row's `ref`, so that in another row neither opens.
 */
export function createSealer(ring: KeyRing, clock: () => number): Sealer {
  const sealRow = (ref: string, kept: Kept, rest: Pick<VaultRow, 'version' | 'expiresAt'>): VaultRow => {
    const dataKey = randomToken()
    const opened: Opened = { provider: kept.provider, tokens: kept.tokens, since: clock() }
    return {
      ref,
      keyId: ring[0].id,
      sealedKey: sealAesGcm(ring[0].bytes, dataKey, ref),
      sealed: sealAesGcm(bytesOf(dataKey), JSON.stringify(opened), ref),
      ...rest,
    }
  }
  const dataKeyOf = ({ ref, keyId, sealedKey }: VaultRow): string | null => {
    const key = ring.find(({ id }) => id === keyId)
    return key === undefined ? null : openAesGcm(key.bytes, sealedKey, ref)
  }
  return {
    seal: (ref, kept, expiresAt) => sealRow(ref, kept, { version: clock(), expiresAt }),
    sealNext: ({ ref, version, expiresAt }, kept) => sealRow(ref, kept, { version: version + 1, expiresAt }),
    open(row) {
      const dataKey = dataKeyOf(row)
      const text = dataKey === null ? null : openAesGcm(bytesOf(dataKey), row.sealed, row.ref)
      return text === null ? null : parseOpened(text)
    },
    reseal(row) {
      const dataKey = dataKeyOf(row)
      if (dataKey === null) return null
      return { keyId: ring[0].id, sealedKey: sealAesGcm(ring[0].bytes, dataKey, row.ref) }
    },
  }
}

const bytesOf = (dataKey: string): Uint8Array => Buffer.from(dataKey, 'base64url')

/** Sealed by us, so it has the shape that we gave it. */
function parseOpened(text: string): Opened {
  return JSON.parse(text) as Opened
}
