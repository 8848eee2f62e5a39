import type { Vault } from '../ports.ts'
import type { KeyRing } from './key-ring.ts'
import type { Sealer } from './seal.ts'

/** What the rows of the vault are sealed under. */
export type SecretUse = {
  /** Its place in the list of secrets; null for one that is not in the list, whose rows nobody here can open. */
  readonly place: number | null
  readonly keyId: string
  /** At zero the secret can be dropped from the list. */
  readonly rows: number
}

type Resealing = {
  readonly vault: Pick<Vault, 'findByKey' | 'reseal' | 'countByKey'>
  readonly ring: KeyRing
  readonly sealer: Sealer
}

/** Rows at a time, so that nothing else waits for long. */
const BATCH = 100

/**
 * Seals every row's data key under the first secret; the tokens themselves stay as they are. Any number of
 * processes may do so at once, while others refresh. Answers how many rows it has sealed anew.
 */
export async function resealAll({ vault, ring, sealer }: Resealing): Promise<number> {
  let total = 0
  for (const { id } of ring.slice(1)) {
    // Ends where a batch brings nothing on: all that is left was tampered with.
    for (let resealed = 1; resealed > 0; total += resealed) {
      resealed = 0
      for (const row of await vault.findByKey(id, BATCH)) {
        const key = sealer.reseal(row)
        if (key !== null && (await vault.reseal(row, key.keyId, key.sealedKey))) resealed += 1
      }
    }
  }
  return total
}

/** How many rows need which secret: those of the list in their order, then what no secret of it opens. */
export async function secretUse({
  vault,
  ring,
}: Pick<Resealing, 'vault' | 'ring'>): Promise<readonly SecretUse[]> {
  const counts = await vault.countByKey()
  const listed = ring.map(({ id }, place) => ({ place, keyId: id, rows: counts.get(id) ?? 0 }))
  const others = [...counts].filter(([keyId]) => !ring.some(({ id }) => id === keyId))
  return [...listed, ...others.map(([keyId, rows]) => ({ place: null, keyId, rows }))]
}
