import type { DatabaseChoice } from '../database.ts'
import type { openManagement } from '../main.ts'
import { type DatabaseOptions, DEFAULT_DATA } from './common-flags.ts'

/** What commands work with: the verbs for every noun, over an open database. */
export type Workplace = Awaited<ReturnType<typeof openManagement>>

/** Opens the database for one command. Throws ConfigError and StorageError. */
export async function openWorkplace(place: DatabaseOptions): Promise<Workplace> {
  const { openManagement } = await import('../main.ts')
  // What a command does is its own answer; the log is the server's.
  return openManagement({ database: databaseChoice(place), log: false })
}

/** The database that the flags name. With PostgreSQL the folder holds nothing but the file `secret`. */
export function databaseChoice({ data, databaseUrl }: DatabaseOptions): DatabaseChoice {
  if (databaseUrl === null) return { dataDir: data ?? DEFAULT_DATA }
  return data === null ? { url: databaseUrl } : { url: databaseUrl, dataDir: data }
}
