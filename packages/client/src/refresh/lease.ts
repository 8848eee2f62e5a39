import type { Vault } from '../ports.ts'

/** The right to refresh a row while it is at `version`. */
export type Lease = {
  readonly vault: Pick<Vault, 'lease' | 'release'>
  /** The time in seconds. */
  readonly clock: () => number
  readonly ref: string
  readonly version: number
  readonly holder: string
}

/** How work under a lease went; 'elsewhere': somebody else has it, and nothing was done. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'elsewhere' }

/** How long a holder may be silent, in seconds: so long the others wait for one that was killed. */
const SECONDS = 6
/** Prolonged in time for two attempts to fail. */
const PROLONG_MILLISECONDS = 2000

/** Works while holding the lease, which is prolonged until the work is over, however slow the provider. */
export async function underLease<T>(lease: Lease, work: () => Promise<T>): Promise<Outcome<T>> {
  const { vault, clock, ref, version, holder } = lease
  const take = () => vault.lease(ref, version, { holder, now: clock(), until: clock() + SECONDS })
  if (!(await take())) return { kind: 'elsewhere' }
  let prolonged: Promise<unknown> = Promise.resolve()
  const prolonging = setInterval(() => {
    // One that could not be prolonged runs out, and another holder asks with the same refresh token.
    prolonged = take().catch(() => {})
  }, PROLONG_MILLISECONDS)
  try {
    return { kind: 'done', result: await work() }
  } catch (error) {
    return { kind: 'failed', error }
  } finally {
    clearInterval(prolonging)
    await prolonged
    await vault.release(ref, holder).catch(() => {})
  }
}
