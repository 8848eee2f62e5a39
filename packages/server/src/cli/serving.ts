import type { Running, WorkerOrder } from '../mounting/workers.ts'
import { startServer } from '../start.ts'

/** Serves in this process. Throws ConfigError and StorageError. */
export async function serveHere(order: WorkerOrder): Promise<Running> {
  const { configFile: _, ...options } = order
  const { auth, port, close } = await startServer(options)
  try {
    const users = await auth.users.list({ limit: 1 })
    return { issuer: auth.issuer, port, hasUsers: users.length > 0, close }
  } catch (cause) {
    await close()
    throw cause
  }
}
