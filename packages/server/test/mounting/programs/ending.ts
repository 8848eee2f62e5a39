/** Runs until it is told to end, and says that it closed. */
import { onShutdown } from '../../../src/mounting/shutdown.ts'

setInterval(() => undefined, 1_000)
onShutdown(async () => {
  process.stdout.write('closed\n')
})
process.stdout.write(`ready ${process.pid}\n`)
