import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { doorwardBin, type Running, start } from '../../../../../tests/support/process.ts'
import { cliOn, doorward, temporaryFolder } from '../doorward.ts'

const folder = await temporaryFolder()
const running: Running[] = []

const serve = async (data: string, flags: readonly string[] = []): Promise<Running & { issuer: string }> => {
  const args = [doorwardBin, 'start', '--port', '0', '--data', data, ...flags]
  const server = start(process.execPath, args, { cwd: folder, env: { npm_command: 'test' } })
  running.push(server)
  const [, issuer = ''] = await server.line(/^Doorward is ready at (\S+)$/m)
  return { ...server, issuer }
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.end('SIGTERM')
})

const discovery = async (issuer: string): Promise<Record<string, unknown>> =>
  Object(await (await fetch(`${issuer}/.well-known/openid-configuration`)).json())

describe('start', () => {
  it('prints the issuer once it serves, answers there, and exits 0 on SIGTERM', async () => {
    const server = await serve('plain')
    expect(server.issuer).toMatch(/^http:\/\/localhost:[1-9]\d*$/)
    expect(await discovery(server.issuer)).toMatchObject({ issuer: server.issuer })
    expect(await server.end('SIGTERM')).toBe(0)
  })

  it('says how to make the first user, and no longer once there is one', async () => {
    const first = await serve('hint')
    await first.line(/doorward users create --email \S+ --password-stdin --data hint/)
    // The commands work while the server runs.
    await cliOn(folder, ['--data', 'hint']).json(['users', 'create', '--email', 'ada@example.com'])
    await first.end('SIGTERM')
    const second = await serve('hint')
    await second.end('SIGTERM')
    expect(second.output()).not.toContain('users create')
  })

  it('logs to stderr as JSON lines, and nothing but its words to stdout', async () => {
    const server = await serve('logs')
    await server.end('SIGTERM')
    const logged = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(logged.map((line) => JSON.parse(line).event)).toContain('server.started')
    const json = start(process.execPath, [doorwardBin, 'start', '--port', '0', '--data', 'logs', '--json'], {
      cwd: folder,
    })
    running.push(json)
    await json.line(/\n\}\n/)
  })

  it('takes settings from a file, and flags before them', async () => {
    const settings = { issuer: 'https://file.example.com', branding: { name: 'Acme' } }
    await writeFile(join(folder, 'doorward.json'), JSON.stringify(settings))
    const fromFile = await serve('config', ['--config', 'doorward.json'])
    expect(fromFile.issuer).toBe('https://file.example.com')
    await fromFile.end('SIGTERM')
    const fromFlag = await serve('config', [
      '--config',
      'doorward.json',
      '--issuer',
      'http://127.0.0.1:9/auth',
    ])
    expect(fromFlag.issuer).toBe('http://127.0.0.1:9/auth')
  })

  it.each([
    ['an unknown setting', { colour: 'red' }, 'Unknown setting colour'],
    ['a value that cannot be', { code: { lifetimeSeconds: 0 } }, 'code.lifetimeSeconds'],
    ['an issuer in the clear', { issuer: 'http://id.example.com' }, 'must be https'],
  ])('refuses %s by name, exit code 1', async (_title, settings, says) => {
    await writeFile(join(folder, 'wrong.json'), JSON.stringify(settings))
    const args = ['start', '--port', '0', '--data', 'wrong', '--config', 'wrong.json']
    const { code, stdout, stderr } = await doorward(args, { cwd: folder })
    expect(stderr).toContain(says)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('says which port is taken, exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const { code, stderr } = await doorward(['start', '--port', port, '--data', 'taken'], { cwd: folder })
    other.close()
    expect(stderr).toContain(`Port ${port}`)
    expect(stderr).toContain('--port')
    expect(code).toBe(1)
  })

  it('makes a secret on first start that only its owner can read', async () => {
    await serve('secret')
    const file = join(folder, 'secret', 'secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await readFile(file, 'utf8')).trim().length).toBeGreaterThanOrEqual(32)
  })
})

describe('keys, while the server runs', () => {
  it('list, rotate and compromise', async () => {
    const { issuer } = await serve('keys')
    const cli = cliOn(folder, ['--data', 'keys'])
    const published = async () => {
      const { keys } = Object(await (await fetch(`${issuer}/oauth/jwks`)).json())
      return new Set(keys.map((key: { kid: string }) => key.kid))
    }
    // The RSA key is made beside the first requests.
    await expect.poll(async () => (await published()).size).toBe(3)
    const { keys } = Object(await cli.json(['keys', 'list']))
    expect(keys).toHaveLength(3)
    expect(keys[0]).toMatchObject({ kid: expect.any(String), use: 'sig', state: 'signing', gone_at: null })

    const next = Object(await cli.json(['keys', 'rotate'])).keys
    expect(next.map((key: { alg: string }) => key.alg).sort()).toEqual(['ES256', 'EdDSA', 'RS256'])
    await expect.poll(async () => (await published()).size).toBe(6)

    const gone = await cli.json(['keys', 'compromise', keys[0].kid])
    expect(gone).toMatchObject({ kid: keys[0].kid, compromised: true, replacement: expect.any(String) })
    await expect.poll(async () => (await published()).has(keys[0].kid)).toBe(false)

    const { code, stderr } = await cli.run(['keys', 'compromise', 'nonsense'])
    expect(stderr).toContain('no signing key')
    expect(code).toBe(1)
  })
})
