import type { Vault, VaultRow } from '../ports.ts'
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
    let after: string | undefined = ''
    while (after !== undefined) {
      const rows: readonly VaultRow[] = await vault.findByKey(id, BATCH, after)
      for (const row of rows) {
        // One that nobody can open was tampered with: those behind it are sealed anew all the same.
        const key = sealer.reseal(row)
        if (key !== null && (await vault.reseal(row, key.keyId, key.sealedKey))) total += 1
      }
      after = rows.at(-1)?.ref
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
