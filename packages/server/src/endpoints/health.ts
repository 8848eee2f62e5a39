import type { Deps } from '../deps.ts'
import type { Handler } from '../http/inbound.ts'
import { privateJson } from '../http/respond.ts'

/** `/healthz`: the process answers. Says nothing of the database, or a short outage would restart every node. */
export function createHealthEndpoint(): Handler {
  return async () => privateJson({ status: 'ok' })
}

/** `/readyz`: the database answers and there are keys, so this node can take requests. */
export function createReadinessEndpoint({ storage, keyring }: Pick<Deps, 'storage' | 'keyring'>): Handler {
  return async () => {
    const reachable = await storage.maintenance.ping().then(
      () => true,
      () => false,
    )
    const ready = reachable && keyring.verificationKeys().length > 0
    return ready
      ? privateJson({ status: 'ready' })
      : privateJson({ status: 'unready', database: reachable }, 503, { 'Retry-After': '5' })
  }
}
