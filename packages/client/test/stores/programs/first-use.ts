import { sqliteStore } from '../../../src/stores/sqlite.ts'

/** One of many processes that use a new file at the same moment. */
const store = sqliteStore({ file: process.argv[2] ?? '' })
await store.replays.insertOnce('the same key', 2, 1)
await store.close()
