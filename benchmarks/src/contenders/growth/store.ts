import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  cookieText,
  liveSessions,
  liveTokens,
  type Scale,
  type Setting,
  tokenText,
} from '../../growth/population.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { basic } from '../token-work.ts'

const SEED = fileURLToPath(new URL('../../growth/seed.ts', import.meta.url))

/** Whatever port a server of a seeded store gets: its tokens and cookies are of this issuer. */
export const ISSUER = 'http://localhost:4399'

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

const seeded = new Map<number, Promise<Store>>()

/** A store of so many users, and ten times as many refresh tokens, most of them expired; made once for a run. */
export function seededStore(users: number): Promise<Store> {
  const known = seeded.get(users) ?? seed(users)
  seeded.set(users, known)
  return known
}

async function seed(users: number): Promise<Store> {
  const { path: dataDir } = temporaryFolder('store')
  const place = ['--data', dataDir, '--issuer', ISSUER, '--users', String(users)]
  await promisify(execFile)(process.execPath, [SEED, ...place])
  const made = JSON.parse(readFileSync(join(dataDir, 'growth.json'), 'utf8')) as Made
  const tokens = liveTokens(made.scale)
  let taken = 0
  return {
    dataDir,
    scale: made.scale,
    setting: made.setting,
    authorization: basic(made.setting.clientId, made.secret),
    takeTokens(count) {
      const rows = spread(tokens.count).slice(taken, taken + count)
      taken += count
      if (rows.length < count) throw new Error('the store has no more refresh tokens')
      return rows.map((at) => tokenText(tokens.first + tokens.step * at, made.scale, made.setting))
    },
    cookies(count) {
      const sessions = liveSessions(made.scale)
      const name = `dw-session-${createHash('sha256').update(ISSUER).digest('hex').slice(0, 4)}`
      return spread(sessions.count)
        .slice(0, count)
        .map((at) => `${name}=${cookieText(sessions.first + at)}`)
    },
  }
}

type Made = { readonly scale: Scale; readonly setting: Setting; readonly secret: string }

/** So many of one kind are enough for all turns. */
const MOST = 4_000

/** Numbers below `count`, far from each other. */
function spread(count: number): readonly number[] {
  const wanted = Math.min(MOST, count)
  return Array.from({ length: wanted }, (_, at) => Math.floor((at * count) / wanted))
}
