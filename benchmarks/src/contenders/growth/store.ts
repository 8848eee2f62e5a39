import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { oldestExpiry, wakeSessions } from '../../growth/fill-sqlite.ts'
import {
  cookieText,
  liveSessions,
  liveTokens,
  type Scale,
  type Setting,
  tokensExpiredBefore,
  tokenText,
  USABLE_SECONDS,
} from '../../growth/population.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { basic } from '../token-work.ts'

const SEED = fileURLToPath(new URL('../../growth/seed.ts', import.meta.url))

/** Whatever port a server of a seeded store gets: its tokens and cookies are of this issuer. */
export const ISSUER = 'http://localhost:4399'

/** Smaller ones are made in a second. */
const WORTH_KEEPING_USERS = 100_000
/** A run ends before the store does. */
const LAST_HOURS = 6

/** A seeded store, and what its client and its people hold. */
export type Store = {
  readonly dataDir: string
  readonly scale: Scale
  readonly setting: Setting
  /** The client's Authorization. */
  readonly authorization: string
  /** Refresh tokens that nobody has used yet, far from each other in the store; other ones each time. */
  takeTokens(count: number): readonly string[]
  /** Cookie headers of people who are signed in, far from each other in the store. */
  cookies(count: number): readonly string[]
}

type Made = { readonly scale: Scale; readonly setting: Setting; readonly secret: string }

const seeded = new Map<number, Promise<Store>>()
let keptIn: string | null = null

/** From here on large stores are looked for in this folder, and left there. */
export function keepStoresIn(folder: string): void {
  keptIn = resolve(folder)
}

/** A store of so many users, and ten times as many refresh tokens, most of them expired; made once for a run. */
export function seededStore(users: number): Promise<Store> {
  const known = seeded.get(users) ?? findOrSeed(users)
  seeded.set(users, known)
  return known
}

async function findOrSeed(users: number): Promise<Store> {
  if (keptIn === null || users < WORTH_KEEPING_USERS) {
    const { path } = temporaryFolder('store')
    return openStore(path, await seed(path, users))
  }
  const dataDir = join(keptIn, `users-${users}`)
  const kept = readMade(dataDir)
  if (kept === null || isUsedUp({ dataDir, ...kept })) {
    rmSync(dataDir, { recursive: true, force: true })
    return openStore(dataDir, await seed(dataDir, users))
  }
  wakeSessions(dataDir, kept.setting)
  return openStore(dataDir, kept)
}

/** What was made there, or null where nothing is, or what lives in it will not live long enough. */
function readMade(dataDir: string): Made | null {
  const file = join(dataDir, 'growth.json')
  if (!existsSync(file)) return null
  const made = JSON.parse(readFileSync(file, 'utf8')) as Made
  const until = made.setting.now + USABLE_SECONDS - LAST_HOURS * 3_600
  return Date.now() / 1_000 < until ? made : null
}

type Seeded = Pick<Store, 'dataDir' | 'scale' | 'setting'>

/** How many refresh tokens had expired when it was made. */
export const expiredTokens = ({ scale, setting }: Seeded): number =>
  tokensExpiredBefore(setting.now, scale, setting)

/** How many of them have been swept: the oldest go first, and they were made evenly. */
export const sweptTokens = ({ dataDir, scale, setting }: Seeded): number =>
  tokensExpiredBefore(oldestExpiry(dataDir), scale, setting)

/** What most of has been swept is no store that nobody sweeps. */
const isUsedUp = (store: Seeded): boolean => sweptTokens(store) > expiredTokens(store) / 2

async function seed(dataDir: string, users: number): Promise<Made> {
  const place = ['--data', dataDir, '--issuer', ISSUER, '--users', String(users)]
  await promisify(execFile)(process.execPath, [SEED, ...place])
  const made = readMade(dataDir)
  if (made === null) throw new Error(`${dataDir} was not filled`)
  return made
}

function openStore(dataDir: string, { scale, setting, secret }: Made): Store {
  const tokens = liveTokens(scale)
  const taken = counter(join(dataDir, 'taken'))
  return {
    dataDir,
    scale,
    setting,
    authorization: basic(setting.clientId, secret),
    takeTokens(count) {
      const first = taken.add(count)
      if (first + count > tokens.count) throw new Error('the store has no more refresh tokens')
      return Array.from({ length: count }, (_, at) => {
        const row = tokens.first + tokens.step * farApart(first + at, tokens.count)
        return tokenText(row, scale, setting)
      })
    },
    cookies(count) {
      const sessions = liveSessions(scale)
      const name = `dw-session-${createHash('sha256').update(ISSUER).digest('hex').slice(0, 4)}`
      return Array.from(
        { length: Math.min(count, sessions.count) },
        (_, at) => `${name}=${cookieText(sessions.first + farApart(at, sessions.count))}`,
      )
    },
  }
}

/**
 * The `turn`-th of `count` rows, each once, in an order that goes all over them: six tenths further each time, by a
 * number that ends in 1 and so has no factor in common with a round one.
 */
const farApart = (turn: number, count: number): number =>
  (turn * (Math.floor(count * 0.0618) * 10 + 1)) % count

/** A number that outlives the run, in a file. */
function counter(file: string) {
  let value = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  return {
    /** Answers the number as it was before. */
    add(count: number): number {
      const before = value
      value += count
      writeFileSync(file, String(value))
      return before
    },
  }
}
