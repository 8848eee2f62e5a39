/** Starts two workers, one of which does not end when it is told to, and ends them at once. */
import { fileURLToPath } from 'node:url'
import { createAudit } from '../../../src/audit/log.ts'
import { startWorkers } from '../../../src/mounting/workers.ts'

const running = await startWorkers({
  count: 2,
  program: fileURLToPath(new URL('./stuck-worker.ts', import.meta.url)),
  order: { port: 0, database: 'none' },
  audit: createAudit({ write: (line) => process.stdout.write(line) }),
  endMs: 300,
})
await running.close().catch((cause: Error) => process.stdout.write(`${cause.message}\n`))
