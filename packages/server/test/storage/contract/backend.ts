import type { StorageOptions, StorageTarget } from '../../../src/storage/open.ts'
import type { Storage } from '../../../src/storage/ports.ts'

/** A kind of database that the contract holds for. */
export type Backend = {
  readonly name: string
  /** When a process sees what another one has changed, where it remembers: see Outbox.changedElsewhere. */
  readonly shows: 'at once' | 'with the news'
  /** An empty place for data, on which any number of storages can be opened. */
  readonly createPlace: () => Promise<Place>
}

export type Place = {
  readonly target: StorageTarget
  readonly open: (options?: StorageOptions) => Promise<Storage>
  /** Runs SQL behind the storage's back; tables are named without a schema. */
  readonly run: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Takes every row away, but for what migrations wrote. */
  readonly empty: () => Promise<void>
  readonly remove: () => Promise<void>
}

/** What a part of the contract is tried on: two storages on one place, as of two processes. */
export type Given = () => { readonly storage: Storage; readonly other: Storage }
