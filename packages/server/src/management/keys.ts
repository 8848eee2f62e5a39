import type { Deps, Secrets } from '../deps.ts'
import { InputError } from '../identity/input-error.ts'
import { type KeyState, keyState } from '../keys/life.ts'
import { compromiseKey, type Rotated, rotateKeys } from '../keys/rotation.ts'
import type { SigningKeyRecord } from '../storage/records.ts'

/** A signing key as it may be shown: never its private part. */
export type KeyView = Omit<SigningKeyRecord, 'sealedPrivateJwk' | 'publicJwk'> & { readonly state: KeyState }

/** The signing keys. */
export type KeyManagement = {
  /** Oldest first. */
  list(): Promise<readonly KeyView[]>
  /** Publishes the next keys; each signs once the JWKS has been public for its max-age. */
  rotate(): Promise<readonly Rotated[]>
  /** Takes a key away at once; answers its replacement's kid where it was signing. Throws InputError for an unknown kid. */
  compromise(kid: string): Promise<{ readonly replacement: string | null }>
}

/** Makes the verbs for signing keys. Secrets are asked for only where something is sealed. */
export function createKeyManagement(
  deps: Pick<Deps, 'config' | 'storage' | 'audit' | 'clock'>,
  secrets: () => Promise<Secrets>,
): KeyManagement {
  const { storage, clock } = deps
  return {
    async list() {
      const now = clock()
      const keys = await storage.keys.list(now)
      return keys.map(({ sealedPrivateJwk, publicJwk, ...key }) => ({
        ...key,
        state: stateOf(key.kid, keys, now),
      }))
    },
    rotate: async () => rotateKeys({ ...deps, secrets: await secrets() }),
    async compromise(kid) {
      const replacement = await compromiseKey({ ...deps, secrets: await secrets() }, kid)
      if (replacement === undefined)
        throw new InputError('unknown', 'kid', 'There is no signing key by this kid.')
      return { replacement }
    },
  }
}

function stateOf(kid: string, keys: readonly SigningKeyRecord[], now: number): KeyState {
  const key = keys.find((candidate) => candidate.kid === kid)
  return key === undefined ? 'gone' : keyState(key, keys, now)
}
