import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '@doorward/core/crypto'
import { expect, it, onTestFinished } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { attemptPassword } from '../../src/identity/password-attempt.ts'
import { createPasswords } from '../../src/identity/passwords.ts'
import { openStorage } from '../../src/storage/open.ts'
import { aSession, aUser, NOW } from '../storage/contract/samples.ts'

const PASSWORD = 'correct horse battery staple'
const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 }

/** A person in a real database, and the commits so far. */
async function prepared() {
  const dataDir = mkdtempSync(join(tmpdir(), 'doorward-attempt-'))
  const made = { commits: 0 }
  const storage = await openStorage(
    { dataDir },
    {
      aroundCommit: (commit) => {
        made.commits += 1
        return commit()
      },
    },
  )
  onTestFinished(async () => {
    await storage.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const config = configSchema.parse({ issuer: 'http://localhost:4000', passwordHash: CHEAP })
  const passwords = createPasswords(config.passwordHash)
  const user = { ...aUser(), passwordHash: await passwords.hash(PASSWORD) }
  await storage.users.insert(user)
  made.commits = 0
  const audit = { record: () => {}, fault: () => {} }
  const deps = { config, storage, passwords, audit, clock: () => NOW }
  const attempt = { email: user.email ?? '', ip: '192.0.2.1', clientId: null, reference: null }
  return { deps, made, attempt, user }
}

it('a sign-in is two commits: its count before the hash; the count taken back, with the session, after it', async () => {
  const { deps, made, attempt, user } = await prepared()
  const session = aSession(user.id)
  const outcome = await attemptPassword({ ...attempt, password: PASSWORD }, deps, async ({ generation }) => {
    await deps.storage.sessions.insert({ ...session, generation }, sha256('cookie'))
    return session.sid
  })
  expect(outcome).toEqual({ kind: 'match', entered: session.sid })
  expect(made.commits).toBe(2)
})

it('nobody enters with a wrong password, and the count stays: one commit', async () => {
  const { deps, made, attempt } = await prepared()
  const outcome = await attemptPassword({ ...attempt, password: 'wrong' }, deps, async () => 'entered')
  expect(outcome).toEqual({ kind: 'refused', waitSeconds: null })
  expect(made.commits).toBe(1)
})

it('who is in stays in where the count cannot be taken back, which is put on record', async () => {
  const { deps, attempt } = await prepared()
  const faults: unknown[] = []
  const broken = new Error('the disk is full')
  const limits = { ...deps.storage.limits, settle: () => Promise.reject(broken) }
  const audit = { record: () => {}, fault: (_: string | null, cause: unknown) => void faults.push(cause) }
  const failing = { ...deps, storage: { ...deps.storage, limits }, audit }
  const outcome = await attemptPassword({ ...attempt, password: PASSWORD }, failing, async () => 'in')
  expect(outcome).toEqual({ kind: 'match', entered: 'in' })
  expect(faults).toEqual([broken])
})

it('what fails behind the password is told as it is, and the count is taken back', async () => {
  const { deps, attempt } = await prepared()
  const enter = () => Promise.reject(new RangeError('no session'))
  for (let times = 0; times < deps.config.limits.signIn.perAccountAndAddress + 1; times += 1) {
    await expect(attemptPassword({ ...attempt, password: PASSWORD }, deps, enter)).rejects.toThrow(RangeError)
  }
})
