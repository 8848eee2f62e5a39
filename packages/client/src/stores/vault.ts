import type { Vault } from '../ports.ts'
import { type Bindable, type Driver, placeholders } from './driver.ts'
import { parseVaultRow, VAULT_COLUMNS, vaultValues } from './records.ts'

const FIND = `SELECT ${VAULT_COLUMNS} FROM doorward_vault WHERE ref = ?`

const PUT = `INSERT INTO doorward_vault (${VAULT_COLUMNS}) VALUES ${placeholders(Array(6).fill(null))}
  ON CONFLICT (ref) DO UPDATE SET
    key_id = excluded.key_id, sealed_key = excluded.sealed_key, sealed = excluded.sealed,
    version = CASE WHEN excluded.version > doorward_vault.version
      THEN excluded.version ELSE doorward_vault.version + 1 END,
    expires_at = excluded.expires_at, lease_holder = NULL, lease_until = NULL`

const FIND_BY_KEY = `SELECT ${VAULT_COLUMNS} FROM doorward_vault
  WHERE key_id = ? AND ref > ? ORDER BY ref LIMIT ?`

/** One statement decides: of all who bring the same version, one finds the lease free. */
const LEASE = `UPDATE doorward_vault SET lease_holder = ?, lease_until = ?
  WHERE ref = ? AND version = ? AND (lease_until IS NULL OR lease_until <= ? OR lease_holder = ?) RETURNING ref`

const REPLACE = `UPDATE doorward_vault
  SET key_id = ?, sealed_key = ?, sealed = ?, version = ?, expires_at = ?, lease_holder = NULL, lease_until = NULL
  WHERE ref = ? AND version = ? RETURNING ref`

const RELEASE = `UPDATE doorward_vault SET lease_holder = NULL, lease_until = NULL
  WHERE ref = ? AND lease_holder = ?`

/** `sealed` never comes twice, so it stands for the data key that it was sealed under. */
const RESEAL = `UPDATE doorward_vault SET key_id = ?, sealed_key = ? WHERE ref = ? AND sealed = ? RETURNING ref`

/** `Vault` of the ports over one database: each verb is one statement. */
export function createVault(open: () => Promise<Driver>): Vault {
  const run = async (sql: string, values: readonly Bindable[]) => (await open()).run(sql, values)
  const changes = async (sql: string, values: readonly Bindable[]) => (await run(sql, values)).length > 0
  return {
    async find(ref) {
      const [found] = await run(FIND, [ref])
      return found === undefined ? null : parseVaultRow(found)
    },
    async put(row) {
      await run(PUT, vaultValues(row))
    },
    lease: (ref, version, { holder, now, until }) =>
      changes(LEASE, [holder, until, ref, version, now, holder]),
    replace: ({ ref, keyId, sealedKey, sealed, version, expiresAt }) =>
      changes(REPLACE, [keyId, sealedKey, sealed, version, expiresAt, ref, version - 1]),
    async release(ref, holder) {
      await run(RELEASE, [ref, holder])
    },
    async delete(ref) {
      await run('DELETE FROM doorward_vault WHERE ref = ?', [ref])
    },
    async findByKey(keyId, limit, after = '') {
      return (await run(FIND_BY_KEY, [keyId, after, limit])).map(parseVaultRow)
    },
    async countByKey() {
      const counted = await run('SELECT key_id, count(*) AS "rows" FROM doorward_vault GROUP BY key_id', [])
      return new Map(counted.map((row) => [String(row.key_id), Number(row.rows)]))
    },
    reseal: ({ ref, sealed }, keyId, sealedKey) => changes(RESEAL, [keyId, sealedKey, ref, sealed]),
  }
}
