import type { SessionRecord, Sessions, Swept, UpstreamLogout, VaultRow } from '../ports.ts'
import { type Bindable, type Driver, placeholders, type Row, rows, type Verb } from './driver.ts'
import {
  parseSession,
  parseVaultRow,
  SESSION_COLUMNS,
  sessionValues,
  VAULT_COLUMNS,
  vaultValues,
} from './records.ts'
import { insertOnce } from './replays.ts'

const FIND = `SELECT ${SESSION_COLUMNS} FROM doorward_sessions WHERE id_hash = ? AND idle_until > ?`

const TOUCH = `UPDATE doorward_sessions
  SET seen_at = ?, idle_until = CASE WHEN expires_at < ? THEN expires_at ELSE ? END
  WHERE id_hash = ? AND seen_at < ?`

function* insert(session: SessionRecord, vault: VaultRow | null): Verb<void> {
  const values = sessionValues(session)
  yield* rows(`INSERT INTO doorward_sessions (${SESSION_COLUMNS}) VALUES ${placeholders(values)}`, values)
  if (vault === null) return
  const sealed = vaultValues(vault)
  yield* rows(`INSERT INTO doorward_vault (${VAULT_COLUMNS}) VALUES ${placeholders(sealed)}`, sealed)
}

/** Deletes the sessions of a condition and the tokens of each; answers the tokens. */
function* deleteWhere(condition: string, values: readonly Bindable[]): Verb<readonly VaultRow[]> {
  const gone = yield* rows(`DELETE FROM doorward_sessions WHERE ${condition} RETURNING id_hash`, values)
  return yield* deleteTokens(gone.map((row) => String(row.id_hash)))
}

function* endUpstream({ provider, sid, subject, once }: UpstreamLogout, now: number): Verb<boolean> {
  if (!(yield* insertOnce(once.key, once.expiresAt, now))) return false
  if (sid === null) {
    yield* deleteWhere('provider = ? AND subject = ?', [provider, subject])
    return true
  }
  yield* deleteWhere('provider = ? AND upstream_sid = ?', [provider, sid])
  yield* deleteWhere('provider = ? AND subject = ? AND upstream_sid IS NULL', [provider, subject])
  return true
}

/** Most values of one statement: databases have a limit, and each length is a text of its own. */
const MOST_VALUES = 100

/** Takes away the tokens of sessions that are gone. */
function* deleteTokens(refs: readonly string[]): Verb<readonly VaultRow[]> {
  const tokens: VaultRow[] = []
  for (let from = 0; from < refs.length; from += MOST_VALUES) {
    const some = refs.slice(from, from + MOST_VALUES)
    const sql = `DELETE FROM doorward_vault WHERE ref IN ${placeholders(some)} RETURNING ${VAULT_COLUMNS}`
    tokens.push(...(yield* rows(sql, some)).map(parseVaultRow))
  }
  return tokens
}

const SWEEP = `DELETE FROM doorward_sessions WHERE id_hash IN
  (SELECT id_hash FROM doorward_sessions WHERE idle_until <= ? ORDER BY idle_until LIMIT ?)
  RETURNING id_hash, provider, subject`

/** Ends the sessions that are over, the oldest first; answers the tokens of people who have no other at the provider. */
export function* sweepSessions(now: number, limit: number): Verb<Swept> {
  const gone = yield* rows(SWEEP, [now, limit])
  const people = new Map(gone.map((row) => [String(row.id_hash), personOf(row)]))
  const tokens = yield* deleteTokens([...people.keys()])
  const alive = tokens.length === 0 ? new Set<string>() : yield* peopleSignedIn(gone, now)
  return { rows: gone.length, tokens: tokens.filter(({ ref }) => !alive.has(people.get(ref) ?? '')) }
}

const personOf = ({ provider, subject }: Row): string => JSON.stringify([provider, subject])

/** Who of these has a session that lives. */
function* peopleSignedIn(of: readonly Row[], now: number): Verb<ReadonlySet<string>> {
  const alive = new Set<string>()
  for (let from = 0; from < of.length; from += MOST_VALUES / 2) {
    const some = of.slice(from, from + MOST_VALUES / 2)
    const found = yield* rows(
      `SELECT DISTINCT provider, subject FROM doorward_sessions WHERE idle_until > ?
        AND (provider, subject) IN (VALUES ${some.map(() => '(?, ?)').join(', ')})`,
      [now, ...some.flatMap(({ provider, subject }) => [String(provider), String(subject)])],
    )
    for (const row of found) alive.add(personOf(row))
  }
  return alive
}

/** `Sessions` of the ports over one database. */
export function createSessions(open: () => Promise<Driver>): Sessions {
  const transact = async <T>(verb: () => Verb<T>) => (await open()).transact(verb)
  return {
    insert: (session, vault) => transact(() => insert(session, vault)),
    async find(idHash, now) {
      const [found] = await (await open()).run(FIND, [idHash, now])
      return found === undefined ? null : parseSession(found)
    },
    async touch(idHash, seenAt, idleUntil) {
      await (await open()).run(TOUCH, [seenAt, idleUntil, idleUntil, idHash, seenAt])
    },
    async delete(idHash) {
      const [gone] = await transact(() => deleteWhere('id_hash = ?', [idHash]))
      return gone ?? null
    },
    deleteForSubject: (...of) => transact(() => deleteWhere('provider = ? AND subject = ?', of)),
    endUpstream: (logout, now) => transact(() => endUpstream(logout, now)),
  }
}
