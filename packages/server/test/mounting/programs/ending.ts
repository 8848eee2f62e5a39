/** Runs until it is told to end, and says that it closed; or fails to, or never does, as its argument says. */
import { onShutdown } from '../../../src/mounting/shutdown.ts'

const how = process.argv[2]
setInterval(() => undefined, 1_000)
onShutdown(async () => {
  if (how === 'fails') throw new Error('The database would not close.')
  if (how === 'never') await new Promise(() => undefined)
  process.stdout.write('closed\n')
}, 300)
process.stdout.write(`ready ${process.pid}\n`)
