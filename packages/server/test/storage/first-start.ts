import { openStorage } from '../../src/storage/open.ts'
import { aUser } from './contract/samples.ts'

// A process of its own that starts on the folder it is given, writes, and says that it did.
const storage = await openStorage({ dataDir: process.argv[2] ?? '' })
const user = await storage.users.insert(aUser())
await storage.close()
process.stdout.write(user === null ? 'refused' : 'written')
