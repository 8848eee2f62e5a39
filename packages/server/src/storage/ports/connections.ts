import type { Vault } from '@doorward/client/vault'

/**
 * What providers gave for people's identities there, sealed, one row an identity: the client's `Vault`, whose `ref` is
 * the identity's id. A row goes with its identity, and none is stored for an identity that is gone.
 */
export interface Connections extends Vault {
  /** Deletes a row that is still at `version`. false: it has been refreshed, or given anew by a sign-in. */
  deleteVersion(ref: string, version: number): Promise<boolean>
}
