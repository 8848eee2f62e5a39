/**
 * Providers' tokens, sealed and kept fresh, for a server that stores them itself: it implements `Vault` and keeps one
 * row for whatever `ref` names.
 */
export { ClientError, type ClientErrorCode } from '../errors.ts'
export type { ProviderDeps } from '../exchange/provider-deps.ts'
export { refreshTokens } from '../exchange/refresh.ts'
export { revokeTokens } from '../exchange/revoke.ts'
export type { TokenSet } from '../exchange/token-set.ts'
export type { Lease, Vault, VaultRow } from '../ports.ts'
export { createRefresher, type LiveToken, type RefreshDeps, type Refresher } from '../refresh/refresher.ts'
export { createKeyRing, type EncryptionKey, type KeyRing } from './key-ring.ts'
export { resealAll, type SecretUse, secretUse } from './reseal.ts'
export { createSealer, type Kept, type Opened, type Sealer } from './seal.ts'
