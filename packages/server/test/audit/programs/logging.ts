/**
 * Logs more than is gathered, several times, and goes on: with a log on stderr, or with none (`off`). `flood`: more than may
 * wait, and then nothing until its input ends.
 */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { createAudit } from '../../../src/audit/log.ts'

const [how] = process.argv.slice(2)
const audit = createAudit(how === 'off' ? false : null)
const event = { event: 'token.issued', clientId: 'a client with a name of some length' } as const
process.stdout.write('begins\n')
if (how === 'flood') {
  for (let line = 0; line < 200_000; line += 1) audit.record(event)
  process.stdout.write('flooded\n')
  await once(process.stdin.resume(), 'end')
} else {
  // What is written at once fails in the loop; what is left, when it ends.
  for (let times = 0; times < 5; times += 1) {
    for (let line = 0; line < 200; line += 1) audit.record(event)
    audit.fault(null, new Error('no'))
    await pause(40)
  }
}
audit.record({ event: 'server.stopped' })
audit.flush()
process.stdout.write('ends well\n')
