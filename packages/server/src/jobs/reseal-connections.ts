import type { Deps } from '../deps.ts'

/** Seconds between two looks; one without old secrets costs nothing. */
const EVERY_SECONDS = 60

/**
 * Brings providers' tokens under the first secret, beside the requests that use them; the signing keys are sealed anew when
 * the keyring opens. At first it also tells of those that no secret opens. To be called about once a second.
 */
export function createConnectionsReseal({
  connections,
  audit,
  clock,
}: Pick<Deps, 'audit' | 'clock'> & {
  readonly connections: Pick<Deps['connections'], 'reseal' | 'countClosed'>
}): () => Promise<void> {
  let due = 0
  let told = false
  return async () => {
    if (clock() < due) return
    due = clock() + EVERY_SECONDS
    const resealed = await connections.reseal()
    if (resealed > 0) audit.record({ event: 'connections.resealed', count: String(resealed) })
    if (told) return
    const closed = await connections.countClosed()
    told = true
    if (closed > 0) audit.record({ event: 'connections.closed', count: String(closed) })
  }
}
