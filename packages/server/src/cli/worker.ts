/**
 * The program of one process of `doorward start --workers`: serves what the primary tells it, and ends when the
 * primary says so, or is gone.
 */
import cluster from 'node:cluster'
import { loadConfigFile } from '../config/load.ts'
import { parseConfig } from '../config/parse.ts'
import { onShutdown } from '../mounting/shutdown.ts'
import type { PrimaryMessage, Running, WorkerMessage, WorkerOrder } from '../mounting/workers.ts'
import { explain, FAILED } from './failure.ts'
import { serveHere } from './serving.ts'

process.once('message', (message: PrimaryMessage) => {
  if (message.kind === 'serve') void serve(message.order)
})

async function serve(order: WorkerOrder): Promise<void> {
  const running = completed(order).then(serveHere)
  endWithPrimary(running)
  try {
    const { issuer, port, hasUsers } = await running
    tell({ kind: 'ready', issuer, port, hasUsers })
  } catch (cause) {
    tell({ kind: 'failed', text: explain(cause).text }, () => process.exit(FAILED))
  }
}

/** The order with what could not travel. Throws ConfigError where the file is no good any more. */
async function completed(order: WorkerOrder): Promise<WorkerOrder> {
  const { config, configFile = null } = order
  if (configFile === null) return order
  const { providers } = parseConfig({
    issuer: 'http://localhost',
    providers: (await loadConfigFile(configFile)).providers ?? [],
  })
  return { ...order, config: { ...config, providers } }
}

function endWithPrimary(running: Promise<Running>): void {
  const shutdown = onShutdown(() =>
    running.then(
      (server) => server.close(),
      () => undefined,
    ),
  )
  process.on('message', (message: PrimaryMessage) => {
    if (message.kind === 'close') shutdown()
  })
  cluster.worker?.on('disconnect', () => {
    // Node would end the process here and now; the requests under way may end first.
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true
    shutdown()
  })
}

function tell(message: WorkerMessage, then: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, then)
}
