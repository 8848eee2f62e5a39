import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { expectNoDeadlock } from '../../../../tests/support/postgres.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { StoreError } from '../../src/stores/store-error.ts'
import { describeContract } from './contract.ts'
import { createPostgresPlace, postgres } from './place.ts'
import { aSession, atOnce, NOW, signIn } from './samples.ts'

describeContract(postgres)

describe('a PostgreSQL database', () => {
  it('is used through the app’s own pool, which stays open', async () => {
    const place = await createPostgresPlace()
    const pool = new pg.Pool({ connectionString: place.databaseUrl })
    const store = postgresStore({ pool })
    const { session } = await signIn(store)
    expect(await store.sessions.find(session.idHash, NOW)).toEqual(session)
    await store.close()
    expect((await pool.query('SELECT count(*)::int AS sessions FROM doorward_client.sessions')).rows).toEqual(
      [{ sessions: 1 }],
    )
    await pool.end()
    await place.remove()
  })

  it('takes ends of sessions, by id and by person, and sweeps at one moment without a deadlock', async () => {
    const place = await createPostgresPlace()
    const [store, other] = [place.open(), place.open()]
    const subject = 'somebody'
    const all = await atOnce(40, [store, other], (at) => signIn(at, { subject }))
    await atOnce(80, [store, other], async (at, index) => {
      if (index % 4 === 0) await at.sessions.deleteForSubject('google', subject)
      else if (index % 4 === 1) await at.sweep(NOW + 5000, 10)
      else await at.sessions.delete(all[index % 40]?.session.idHash ?? '')
    })
    expect(await place.run('SELECT ref FROM doorward_vault')).toEqual([])
    await Promise.all([store.close(), other.close()])
    await expectNoDeadlock(place.databaseUrl)
    await place.remove()
  })

  it('that cuts connections while they are used fails what they did, and serves on', async () => {
    const place = await createPostgresPlace()
    const store = place.open()
    await signIn(store)
    let cutting = true
    const working = Array.from({ length: 8 }, async () => {
      const outcomes: unknown[] = []
      while (cutting) outcomes.push(await signIn(store).catch((error: unknown) => error))
      return outcomes
    })
    for (let times = 0; times < 20; times += 1)
      await place.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`)
    cutting = false
    const outcomes = (await Promise.all(working)).flat()
    const failures = outcomes.filter((outcome) => outcome instanceof Error)
    expect(failures.length).toBeGreaterThan(0)
    expect(failures.filter((failure) => !(failure instanceof StoreError))).toEqual([])
    const { session } = await signIn(store)
    expect(await store.sessions.find(session.idHash, NOW)).toEqual(session)
    const [sessions, rows] = [
      await place.run('SELECT id_hash AS id FROM doorward_sessions ORDER BY 1'),
      await place.run('SELECT ref AS id FROM doorward_vault ORDER BY 1'),
    ]
    expect(sessions).toEqual(rows)
    await store.close()
    await place.remove()
  })

  it('that cannot be had, or refuses, is told without what was to be stored and without a password', async () => {
    const wrong = postgresStore({ databaseUrl: 'mysql://user:hunter2@localhost/x' })
    const said: unknown = await wrong.sweep(NOW, 1).catch((error: unknown) => error)
    expect(said).toBeInstanceOf(StoreError)
    expect(String(said)).not.toContain('hunter2')
    const nobody = postgresStore({ databaseUrl: 'postgres://user:hunter2@127.0.0.1:1/x' })
    await expect(nobody.sweep(NOW, 1)).rejects.toThrow(/ECONNREFUSED/)
    const place = await createPostgresPlace()
    const store = place.open()
    const { session } = await signIn(store)
    const twice = { ...aSession(), idHash: session.idHash, user: 'a private e-mail' }
    const refused: unknown = await store.sessions.insert(twice, null).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(StoreError)
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toMatch(/private|detail/)
    await store.close()
    await place.remove()
  })
})
