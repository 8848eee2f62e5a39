import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDatabase } from '../../../../tests/support/postgres.ts'
import { doorwardBin, type Running, start } from '../../../../tests/support/process.ts'
import { type Doorward, startDoorward } from '../../../../tests/support/server.ts'
import { answererOf, isRunning, workersOf } from '../../../../tests/support/workers.ts'
import { doorward, temporaryFolder } from './doorward.ts'

const folder = await temporaryFolder()
const secret = randomBytes(32).toString('base64url')
const servers: Doorward[] = []
const programs: Running[] = []

afterEach(async () => {
  for (const program of programs.splice(0)) await program.end('SIGTERM')
  for (const server of servers.splice(0)) await server.stop()
})

const serveWith = async (workers: number, env: Readonly<Record<string, string>> = {}): Promise<Doorward> => {
  const server = await startDoorward({ database: 'postgres', flags: ['--workers', String(workers)], env })
  servers.push(server)
  return server
}

/** Every process that answered one of a few connections to `origin`. */
const answerers = async (origin: string, pids: readonly number[]): Promise<ReadonlySet<number | null>> =>
  new Set(await Promise.all(Array.from({ length: 12 }, () => answererOf(`${origin}/oauth/jwks`, pids))))

const events = (output: string): readonly Record<string, unknown>[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{"level"'))
    .map((line) => JSON.parse(line))

describe('start --workers, over PostgreSQL', () => {
  it('serves from several processes on one port, both loopback addresses, and says so once', async () => {
    const server = await serveWith(2)
    const { pid, output } = server.process
    const { port } = new URL(server.issuer)
    const workers = workersOf(pid)
    expect(workers).toHaveLength(2)
    for (const host of ['127.0.0.1', '[::1]']) {
      await expect
        .poll(() => answerers(`http://${host}:${port}`, [pid, ...workers]), { timeout: 15_000 })
        .toEqual(new Set(workers))
    }
    expect(output().match(/Doorward is ready at/g)).toHaveLength(1)
  })

  it('gives every worker the providers of the file, which hold what does not travel', async () => {
    const keys = { clientId: 'c', clientSecret: { env: 'ACME_SECRET' } }
    const config = { providers: [{ provider: 'github', name: 'Acme', ...keys }] }
    const env = { ACME_SECRET: 'acme' }
    const server = await startDoorward({ database: 'postgres', flags: ['--workers', '2'], config, env })
    servers.push(server)
    const pages = await Promise.all(Array.from({ length: 8 }, () => fetch(`${server.issuer}/login`)))
    for (const page of pages) expect(await page.text()).toContain('<bdi>Acme</bdi>')
  })

  it('first starts at once on an empty database make its tables and keys once', async () => {
    const server = await serveWith(4)
    const keys = async () => {
      const answers = Array.from({ length: 8 }, () => fetch(`${server.issuer}/oauth/jwks`))
      const bodies = await Promise.all((await Promise.all(answers)).map((answer) => answer.text()))
      return [...new Set(bodies)].map((body) => JSON.parse(body).keys.length)
    }
    // One key set, the same from everyone, once the RSA key has come and is known to all.
    await expect.poll(keys, { timeout: 10_000 }).toEqual([3])
    expect(Object.values(await server.json(['keys', 'list']))[0]).toHaveLength(3)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('drains every worker on %s and exits 0', async (signal) => {
    const server = await serveWith(2)
    const workers = workersOf(server.process.pid)
    expect(await server.process.end(signal)).toBe(0)
    expect(workers.filter(isRunning)).toEqual([])
    const names = events(server.process.output()).map(({ event }) => event)
    expect(names.filter((name) => name === 'server.stopped')).toHaveLength(2)
    expect(names).not.toContain('worker.ended')
  })

  it('drains where the signal reaches every process at once, as Ctrl-C in a terminal does', async () => {
    const database = await createDatabase()
    const place = ['--port', '0', '--workers', '2', '--database-url', database.url]
    // A process group of its own, as a terminal gives.
    const server = start('setsid', [process.execPath, doorwardBin, 'start', ...place], {
      cwd: folder,
      env: { DOORWARD_SECRET: secret },
    })
    programs.push(server)
    await server.line(/Doorward is ready at/)
    const workers = workersOf(server.pid)
    expect(workers).toHaveLength(2)
    process.kill(-server.pid, 'SIGINT')
    expect(await server.end('SIGINT')).toBe(0)
    expect(workers.filter(isRunning)).toEqual([])
    await database.drop()
  })

  it('leaves no worker behind when the primary is killed', async () => {
    const server = await serveWith(2)
    const { pid } = server.process
    const workers = workersOf(pid)
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => [pid, ...workers].filter(isRunning), { timeout: 15_000 }).toEqual([])
    expect(events(server.process.output()).filter(({ event }) => event === 'server.stopped')).toHaveLength(2)
  })

  it('drains and exits when the npm that started it goes', async () => {
    const database = await createDatabase()
    const place = `--port 0 --workers 2 --database-url "${database.url}"`
    // A shell between, as npm has one.
    const script = `"${process.execPath}" "${doorwardBin}" start ${place} & echo "pid $!"; wait`
    const npm = start('/bin/sh', ['-c', script], {
      cwd: folder,
      env: { npm_command: 'exec', DOORWARD_SECRET: secret },
    })
    const [, pid = ''] = await npm.line(/^pid (\d+)$/m)
    await npm.line(/Doorward is ready at/)
    const all = [Number(pid), ...workersOf(Number(pid))]
    expect(all).toHaveLength(3)
    // Resolves once the last process that shares its output has closed it.
    await npm.end('SIGKILL')
    await expect.poll(() => all.filter(isRunning), { timeout: 15_000 }).toEqual([])
    expect(events(npm.output()).filter(({ event }) => event === 'server.stopped')).toHaveLength(2)
    await database.drop()
  })

  it('replaces a worker that ends, and puts it on record', async () => {
    const server = await serveWith(2)
    const { pid, output } = server.process
    const [killed = 0, told = 0] = workersOf(pid)
    process.kill(killed, 'SIGKILL')
    process.kill(told, 'SIGTERM')
    const ended = () => events(output()).filter(({ event }) => event === 'worker.ended')
    await expect.poll(ended).toHaveLength(2)
    expect(ended()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 40, pid: String(killed), exit: 'SIGKILL' }),
        expect.objectContaining({ level: 40, pid: String(told), exit: 'code 0' }),
      ]),
    )
    await expect.poll(() => workersOf(pid).length).toBe(2)
    // The port is the one that the issuer names, though nobody held it for a moment.
    const answer = () =>
      fetch(`${server.issuer}/readyz`).then(
        ({ status }) => status,
        () => null,
      )
    await expect.poll(answer, { timeout: 15_000 }).toBe(200)
  })

  it('workers without DOORWARD_SECRET agree on the secret in the folder of --data', async () => {
    const database = await createDatabase()
    const place = ['--data', join(folder, 'agreed'), '--database-url', database.url]
    const server = start(
      process.execPath,
      [doorwardBin, 'start', '--port', '0', '--workers', '3', ...place],
      {
        cwd: folder,
        env: { npm_command: 'test' },
      },
    )
    programs.push(server)
    await server.line(/Doorward is ready at/)
    expect(await server.end('SIGTERM')).toBe(0)
    await database.drop()
  })
})

describe('start --workers that cannot start', () => {
  const refused = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { code, stdout, stderr } = await doorward(['start', '--port', '0', '--workers', '3', ...args], {
      cwd: folder,
      env,
    })
    expect(stdout).toBe('')
    expect(code).toBe(1)
    return stderr
  }
  const withoutDatabase = 'postgres://doorward@127.0.0.1:1/none'

  it('says once what a setting lacks', async () => {
    expect(await refused(['--database-url', withoutDatabase])).toBe(
      (await doorward(['start', '--port', '0', '--database-url', withoutDatabase], { cwd: folder })).stderr,
    )
  })

  it('says once that the database is down', async () => {
    const told = await refused(['--database-url', withoutDatabase], { DOORWARD_SECRET: secret })
    expect(told.match(/^error: /gm)).toHaveLength(1)
    expect(told).toMatch(/^error: .*PostgreSQL/)
  })

  it('says once which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const database = await createDatabase()
    const told = await refused(['--port', port, '--database-url', database.url], { DOORWARD_SECRET: secret })
    expect(told).toContain(`error: Port ${port} on 127.0.0.1 is taken.`)
    expect(told.match(/^error: /gm)).toHaveLength(1)
    other.close()
    await database.drop()
  })
})

describe('start --workers, with the embedded database', () => {
  it('says why one process serves, and serves with one', async () => {
    const args = [doorwardBin, 'start', '--port', '0', '--workers', '2', '--data', 'embedded']
    const server = start(process.execPath, args, { cwd: folder, env: { npm_command: 'test' } })
    programs.push(server)
    const [, issuer = ''] = await server.line(/^Doorward is ready at (\S+)$/m)
    expect(server.output()).toMatch(/^One process serves, not 2: [\s\S]*--database-url postgres:/m)
    expect(workersOf(server.pid)).toEqual([])
    expect(await answerers(issuer, [server.pid])).toEqual(new Set([server.pid]))
  })
})
