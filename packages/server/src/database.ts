import { ConfigError } from './config/errors.ts'
import type { StorageTarget } from './storage/open.ts'

/**
 * Where the data is: the folder of an embedded database, or a PostgreSQL database. A text is a folder unless
 * it begins with `postgres:`. With PostgreSQL a `dataDir` holds nothing but the file `secret`.
 */
export type DatabaseChoice =
  | string
  | { readonly dataDir: string }
  | { readonly url: string; readonly dataDir?: string; readonly poolSize?: number }

type ReadDatabase = {
  readonly target: StorageTarget
  /** The folder of the file `secret`; null where there is none. */
  readonly secretDir: string | null
}

/** Reads a database choice. Throws ConfigError, which never repeats a URL: it holds a password. */
export function readDatabase(choice: DatabaseChoice): ReadDatabase {
  if (typeof choice !== 'string' && 'url' in choice) return postgres(choice.url, choice)
  const text = typeof choice === 'string' ? choice : choice.dataDir
  if (typeof choice === 'string' && /^postgres(?:ql)?:/i.test(text)) return postgres(text, {})
  if (typeof text !== 'string' || text === '') {
    throw new ConfigError('database', 'The setting database is missing: name a folder, or a postgres:// URL.')
  }
  if (/^[a-z]+:\/\//i.test(text)) {
    throw new ConfigError(
      'database',
      'The setting database is a URL of another kind: only postgres:// is known.',
    )
  }
  return { target: { dataDir: text }, secretDir: text }
}

function postgres(
  url: string,
  rest: { readonly dataDir?: string; readonly poolSize?: number },
): ReadDatabase {
  if (!/^postgres(?:ql)?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new ConfigError(
      'database',
      'The database URL must look like postgres://user:password@host:5432/name.',
    )
  }
  const poolSize = rest.poolSize === undefined ? {} : { poolSize: rest.poolSize }
  return { target: { databaseUrl: url, ...poolSize }, secretDir: rest.dataDir ?? null }
}
