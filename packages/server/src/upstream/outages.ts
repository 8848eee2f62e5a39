import type { ClientErrorCode } from '@doorward/client/upstream'

/** Causes that are a provider's being down: nobody can help them, and waiting may. */
export const OUTAGES: ReadonlySet<ClientErrorCode> = new Set([
  'provider_unreachable',
  'provider_failed',
  'answer_timed_out',
])
