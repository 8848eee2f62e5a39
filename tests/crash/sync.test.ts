import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { authorize, callbackUri, exchange, post, refresh, signIn } from '../support/flow.ts'
import { run } from '../support/process.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

const denySync = ['perl', fileURLToPath(new URL('../support/deny-sync.pl', import.meta.url))]

/** The descriptor under which a process has its database open. */
const databaseDescriptor = async (server: Doorward): Promise<number> => {
  const folder = `/proc/${server.process.pid}/fd`
  for (const name of await readdir(folder)) {
    const target = await readlink(`${folder}/${name}`).catch(() => '')
    if (target === join(server.data, 'doorward.db')) return Number(name)
  }
  throw new Error('The server has no database open')
}

const probe = `
  const { openSync, fsyncSync } = require('node:fs')
  try { fsyncSync(openSync(process.argv[1], 'r')) } catch (error) { console.log(error.code) }`

/** Whether this machine lets a process refuse itself its syncs: Linux with perl, which Debian always has. */
const canDeny = async (): Promise<boolean> => {
  const args = [...denySync.slice(1), '0', process.execPath, '-e', probe, fileURLToPath(import.meta.url)]
  const { stdout } = await run('perl', args).catch(() => ({ stdout: '' }))
  return stdout.trim() === 'EIO'
}

// SIGKILL proves atomicity only: what a killed process wrote is safe in the kernel's memory. So here the disk
// refuses every sync, and whoever was answered anyhow was told a lie. With `synchronous` at OFF or NORMAL all of them are.
describe.skipIf(!(await canDeny()))(
  'on a disk that refuses to sync nobody is told that something is done',
  () => {
    let server: Doorward
    let user: TestUser
    let app: RegisteredClient

    beforeAll(async () => {
      server = await startDoorward({ database: 'sqlite' })
      ;[user, app] = await Promise.all([
        server.createUser(),
        server.createClient({ redirect_uris: [callbackUri], trusted: true }),
      ])
    })
    afterAll(() => server.stop())

    it('no code, no token, no cookie, no revocation leaves before its sync; afterwards all is as it was', async () => {
      await server.restart()
      const descriptor = await databaseDescriptor(server)
      const agent = createAgent()
      const { tokens } = await signIn(server, app, user, { agent })
      const waiting = await authorize(server, app, user, { agent })
      const token = String(tokens.refresh_token)
      // Killed, so that its log stays: a fresh log is synced once even with `synchronous=NORMAL`. The folder's own
      // sync at the start comes before the database is open; what is denied is the database's.
      await server.restart('SIGKILL', [...denySync, String(descriptor)])
      expect(await databaseDescriptor(server)).toBe(descriptor)

      // It serves: what needs no disk is answered.
      expect((await fetch(`${server.issuer}/oauth/jwks`)).status).toBe(200)

      const refreshed = await refresh(server, app, token)
      expect(refreshed.status, refreshed.text).toBeGreaterThanOrEqual(500)
      expect(refreshed.text).not.toMatch(/token"/)

      const redeemed = await exchange(server, app, waiting)
      expect(redeemed.status, redeemed.text).toBeGreaterThanOrEqual(500)
      expect(redeemed.text).not.toMatch(/token"/)

      expect((await post(server, '/oauth/revoke', { token }, app)).status).toBeGreaterThanOrEqual(500)
      await expect(authorize(server, app, user, { agent })).rejects.toThrow()

      const visitor = createAgent()
      const page = await visitor.open(`${server.issuer}/login`)
      const answer = await visitor.submit(page, { email: user.email, password: user.password })
      expect(answer.status).toBeGreaterThanOrEqual(500)
      expect([...visitor.cookies.keys()].filter((name) => name.startsWith('dw-session'))).toEqual([])

      await server.restart('SIGKILL')
      expect((await exchange(server, app, waiting)).status).toBe(200)
      expect((await refresh(server, app, token)).status).toBe(200)
    })
  },
)
