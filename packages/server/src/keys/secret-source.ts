import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { randomToken } from '@doorward/core/crypto'
import { ConfigError } from '../config/errors.ts'

/** Fewer characters can be guessed offline from a stolen database. */
const SHORTEST = 32
const HOW = 'Make one with: openssl rand -base64 32'

/** Where key-encryption secrets may come from. */
export type SecretSource = {
  /** What the operator gave, by option or DOORWARD_SECRET: one or several secrets. */
  readonly given: string | readonly string[] | null
  /** The folder whose file `secret` is used, and made on first start; null with a database of its own. */
  readonly dataDir: string | null
}

/**
 * The secrets that key-encryption keys come from, the sealing one first. A secret that was given comes before
 * the data folder's file, which still opens what it once sealed. Throws ConfigError where there is none.
 */
export async function findSecrets(source: SecretSource): Promise<readonly [string, ...string[]]> {
  const given = splitSecrets(source.given)
  const [first, ...rest] = given
  if (first !== undefined) {
    const kept = source.dataDir === null ? null : await readSecretFile(source.dataDir)
    return [first, ...rest, ...(kept === null ? [] : [kept])]
  }
  if (source.dataDir !== null) return [await readOrMakeSecretFile(source.dataDir)]
  throw new ConfigError(
    'DOORWARD_SECRET',
    'DOORWARD_SECRET is not set. On PostgreSQL every process needs the same one: it seals the signing keys. ' +
      `${HOW}. (Or give --data beside --database-url: a folder whose file "secret" then holds it.)`,
  )
}

/** Splits `DOORWARD_SECRET` at commas and white space. Throws ConfigError for a secret that is too short. */
export function splitSecrets(given: string | readonly string[] | null): readonly string[] {
  if (given === null) return []
  const secrets = typeof given === 'string' ? given.split(/[\s,]+/).filter((part) => part !== '') : given
  for (const secret of secrets) {
    if (secret.length < SHORTEST) {
      throw new ConfigError(
        'DOORWARD_SECRET',
        `DOORWARD_SECRET is too short: each secret needs ${SHORTEST} characters. ${HOW}`,
      )
    }
  }
  return secrets
}

/** Several first starts at once agree: each writes its own file, and exactly one `link` of them succeeds. */
async function readOrMakeSecretFile(dataDir: string): Promise<string> {
  const known = await readSecretFile(dataDir)
  if (known !== null) return known
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const draft = join(dataDir, `secret.${randomToken(9)}`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomToken(32)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, join(dataDir, 'secret'))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(dataDir)
  const made = await readSecretFile(dataDir)
  if (made === null)
    throw new ConfigError('--data', `The file secret in ${dataDir} disappeared while it was made.`)
  return made
}

async function readSecretFile(dataDir: string): Promise<string | null> {
  const path = join(dataDir, 'secret')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null
    throw new ConfigError(
      '--data',
      `${path} cannot be read. Check who owns it: it must be readable by this process.`,
      { cause },
    )
  }
  await hideFromStrangers(path)
  const secret = text.trim()
  if (secret.length < SHORTEST) {
    throw new ConfigError(
      '--data',
      `${path} does not hold a secret. Restore it from a backup: the signing keys are sealed under it.`,
    )
  }
  return secret
}

/** One that was copied here may be readable by everybody. Its group is the operator's affair, as is a mount. */
async function hideFromStrangers(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o007) !== 0) await chmod(path, mode & 0o770).catch(() => undefined)
}

/** A new name is durable once its folder is synced; without that a power cut could leave keys nobody can open. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null
}
