/** Logs more than is gathered, several times, and goes on: with a log on stderr, or with none where its argument says so. */
import { setTimeout as pause } from 'node:timers/promises'
import { createAudit } from '../../../src/audit/log.ts'

const audit = createAudit(process.argv[2] === 'off' ? false : null)
process.stdout.write('begins\n')
// What is written at once fails in the loop; what is left, when it ends.
for (let times = 0; times < 5; times += 1) {
  for (let line = 0; line < 200; line += 1) {
    audit.record({ event: 'token.issued', clientId: 'a client with a name of some length', ip: '192.0.2.1' })
  }
  audit.fault(null, new Error('no'))
  await pause(40)
}
audit.record({ event: 'server.stopped' })
audit.flush()
process.stdout.write('ends well\n')
