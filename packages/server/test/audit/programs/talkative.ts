/** Workers that share one stderr and write more than its pipe holds. */
import cluster from 'node:cluster'
import { createAudit } from '../../../src/audit/log.ts'

/** Long messages, and causes of causes, as deep as they are logged. */
const deep = (left: number): Error =>
  new Error('word '.repeat(500), left === 0 ? {} : { cause: deep(left - 1) })

const WORKERS = 4
const LINES = 3_000

if (cluster.isPrimary) {
  for (let worker = 0; worker < WORKERS; worker += 1) cluster.fork()
} else {
  const audit = createAudit(null)
  for (let line = 0; line < LINES; line += 1) {
    if (line % 500 === 0) audit.fault('ref', deep(3))
    audit.record({ event: 'token.issued', clientId: 'c'.repeat(line % 100), resource: String(process.pid) })
  }
  // What is gathered is written before the end.
  setTimeout(() => cluster.worker?.disconnect(), 500)
}
