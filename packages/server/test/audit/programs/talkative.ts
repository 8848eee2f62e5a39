/** Workers that share one stderr and write more than its pipe holds. */
import cluster from 'node:cluster'
import { createAudit } from '../../../src/audit/log.ts'

const WORKERS = 4
const LINES = 3_000

if (cluster.isPrimary) {
  for (let worker = 0; worker < WORKERS; worker += 1) cluster.fork()
} else {
  const audit = createAudit(null)
  for (let line = 0; line < LINES; line += 1) {
    audit.record({ event: 'token.issued', clientId: 'c'.repeat(line % 100), resource: String(process.pid) })
  }
  // What is gathered is written before the end.
  setTimeout(() => cluster.worker?.disconnect(), 500)
}
