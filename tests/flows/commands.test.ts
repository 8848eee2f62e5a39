import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callbackUri, signIn } from '../support/flow.ts'
import { createDatabase } from '../support/postgres.ts'
import { doorwardBin, type Running, run, start } from '../support/process.ts'
import { startDoorward } from '../support/server.ts'

let folder: string
const running: Running[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorward-commands-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.end('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})

const doorward = (args: readonly string[], options: { env?: Record<string, string>; input?: string } = {}) =>
  run(process.execPath, [doorwardBin, ...args], { cwd: folder, ...options })
const startServer = (args: readonly string[], env: Record<string, string> = {}) => {
  const child = start(process.execPath, [doorwardBin, 'start', '--port', '0', ...args], { cwd: folder, env })
  running.push(child)
  return child
}
const ready = /Doorward is ready at (\S+)/

describe('the first start', () => {
  it('several first runs on one empty folder all succeed, and make one set of keys', async () => {
    const servers = Array.from({ length: 4 }, () => startServer(['--data', 'data']))
    const lists = Array.from({ length: 2 }, () => doorward(['users', 'list', '--data', 'data', '--json']))
    const issuers = await Promise.all(servers.map((server) => server.line(ready)))
    for (const { code } of await Promise.all(lists)) expect(code).toBe(0)
    const sets = await Promise.all(
      issuers.map(async ([, issuer]) => {
        const { keys } = await (await fetch(`${issuer}/oauth/jwks`)).json()
        return keys.map(({ kid }: { kid: string }) => kid).sort()
      }),
    )
    for (const set of sets) expect(set).toEqual(sets[0])
  })

  it('several first runs on one empty PostgreSQL database all succeed', async () => {
    const database = await createDatabase()
    const env = { DOORWARD_DATABASE_URL: database.url, DOORWARD_SECRET: 's'.repeat(43) }
    try {
      const servers = Array.from({ length: 3 }, () => startServer([], env))
      await Promise.all(servers.map((server) => server.line(ready)))
      for (const server of servers) expect(await server.end('SIGTERM')).toBe(0)
    } finally {
      await database.drop()
    }
  })

  it('says how to make the first user, keeps its secret to itself, and ends with 0 on SIGTERM', async () => {
    const server = startServer(['--data', 'data'])
    await server.line(ready)
    expect(server.output()).toMatch(/users create/)
    for (const name of await readdir(join(folder, 'data'))) {
      const { mode } = await stat(join(folder, 'data', name))
      expect(mode & 0o077, name).toBe(0)
    }
    const secret = (await readFile(join(folder, 'data', 'secret'), 'utf8')).trim()
    expect(server.output()).not.toContain(secret)
    expect(await server.end('SIGTERM')).toBe(0)
  })

  it('refuses an http issuer beyond loopback, an unknown setting, a taken port: exit code, stderr, no stack', async () => {
    for (const [args, said] of [
      [['start', '--port', '0', '--issuer', 'http://id.example.com'], /https/],
      [['start', '--port', '0', '--issuer', 'https://id.example.com/'], /slash/],
      [['start', '--port', 'many'], /port/],
      [['start', '--nonsense'], /nonsense/],
      [['nonsense'], /nonsense/],
    ] as const) {
      const { code, stdout, stderr } = await doorward(args)
      expect(code, args.join(' ')).toBeGreaterThan(0)
      expect(stderr).toMatch(said)
      expect(stdout + stderr).not.toMatch(/\n\s+at /)
    }
  })

  it('ends when its parent goes, if npm started it (npm hands no SIGTERM on)', async () => {
    const script = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })
      console.log('child is ' + child.pid)`
    const args = ['-e', script, doorwardBin, 'start', '--port', '0', '--data', 'data']
    const parent = start(process.execPath, args, { cwd: folder, env: { npm_command: 'run-script' } })
    running.push(parent)
    const pid = Number((await parent.line(/child is (\d+)/))[1])
    await parent.line(ready)
    parent.child.kill('SIGKILL')
    const alive = () => spawnSync('kill', ['-0', String(pid)]).status === 0
    await expect.poll(alive, { timeout: 10_000 }).toBe(false)
  })
})

describe('the commands', () => {
  it('help is there for every noun and names no flag that is not', async () => {
    for (const noun of [
      'start',
      'users',
      'clients',
      'resources',
      'roles',
      'keys',
      'migrate',
      'sweep',
      'backup',
    ]) {
      const { code, stdout } = await doorward([noun, '--help'])
      expect(code, noun).toBe(0)
      expect(stdout, noun).toMatch(/Usage/i)
    }
  })

  it('usage errors are 2, failures 1, with --json one document on stdout', async () => {
    expect((await doorward(['users', 'create', '--json'])).code).toBe(2)
    const made = await doorward(
      ['users', 'create', '--email', 'a@example.com', '--password-stdin', '--json'],
      {
        input: 'a long enough password\n',
      },
    )
    expect(made.code).toBe(0)
    expect(JSON.parse(made.stdout)).toMatchObject({
      email: 'a@example.com',
      sub: expect.stringMatching(/^u_/),
    })
    const again = await doorward(
      ['users', 'create', '--email', 'A@EXAMPLE.COM', '--password-stdin', '--json'],
      {
        input: 'a long enough password\n',
      },
    )
    expect(again.code).toBe(1)
    expect(again.stderr).not.toBe('')
    expect((await doorward(['users', 'show', 'nobody@example.com'])).code).toBe(1)
    const list = JSON.parse((await doorward(['users', 'list', '--json'])).stdout)
    expect(JSON.stringify(list)).toContain('a@example.com')
    expect(JSON.stringify(list)).not.toContain('argon2')
  })

  it('work beside a running server: what they make is there at once, a rotated secret ends the old one', async () => {
    const server = await startDoorward({ database: 'sqlite' })
    try {
      const [user, app] = [
        await server.createUser(),
        await server.createClient({ redirect_uris: [callbackUri] }),
      ]
      await signIn(server, app, user)
      const { client_secret: next } = await server.json(['clients', 'rotate-secret', app.client_id])
      await expect(signIn(server, app, user)).rejects.toThrow(/invalid_client/)
      await signIn(server, { ...app, client_secret: String(next) }, user)
      await server.json(['clients', 'delete', app.client_id])
      await expect(signIn(server, app, user)).rejects.toThrow()
      expect(JSON.stringify(await server.json(['clients', 'list']))).not.toContain(app.client_id)
    } finally {
      await server.stop()
    }
  })

  it('backup copies a live database, and the copy serves', async () => {
    const server = await startDoorward({ database: 'sqlite', env: { DOORWARD_SECRET: 'x'.repeat(43) } })
    try {
      const [user, app] = [
        await server.createUser(),
        await server.createClient({ redirect_uris: [callbackUri] }),
      ]
      await signIn(server, app, user)
      const file = join(folder, 'doorward.db')
      const { code, stderr } = await server.cli(['backup', file])
      expect([code, stderr]).toEqual([0, ''])
      expect((await stat(file)).mode & 0o077).toBe(0)
      const copy = startServer(['--data', folder], { DOORWARD_SECRET: 'x'.repeat(43) })
      const issuer = String((await copy.line(ready))[1])
      const twin = { ...server, issuer, origin: issuer }
      expect((await signIn(twin, app, user)).tokens).toHaveProperty('access_token')
    } finally {
      await server.stop()
    }
  })

  it('sweep and migrate say what they did', async () => {
    for (const args of [
      ['migrate', '--json'],
      ['sweep', '--json'],
      ['keys', 'list', '--json'],
    ]) {
      const { code, stdout } = await doorward(args)
      expect(code, args.join(' ')).toBe(0)
      expect(() => JSON.parse(stdout), args.join(' ')).not.toThrow()
    }
  })
})
