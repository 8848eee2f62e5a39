import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../support/port.ts'
import { type Running, repositoryRoot, run, start } from '../support/process.ts'

const CONDITION = '--conditions=@doorward/source'

type Demo = {
  readonly running: Running
  readonly issuer: string
  readonly api: string
  readonly email: string
  readonly password: string
}

async function folder(): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'doorward-example-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  return data
}

async function startDemo(script: readonly string[], env: Readonly<Record<string, string>>): Promise<Demo> {
  const running = start(process.execPath, [CONDITION, ...script], {
    cwd: repositoryRoot,
    env: { npm_command: 'run', ...env },
  })
  onTestFinished(async () => void (await running.end('SIGTERM')))
  const issuer = (await running.line(/Doorward is ready at (\S+)/))[1] ?? ''
  const api = (await running.line(/The API is ready at (\S+)/))[1] ?? ''
  const email = (await running.line(/E-mail: +(\S+)/))[1] ?? ''
  const password = (await running.line(/Password: +(\S+)/))[1] ?? ''
  return { running, issuer, api, email, password }
}

const asDemo = ['examples/protected-api/demo.ts']
const asExample = ['scripts/example.ts', 'protected-api']
const ports = async () => ({ PORT: String(await freePort()), API_PORT: String(await freePort()) })

async function login(
  { api }: Demo,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${api}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const enter = async ({ api }: Demo, token: unknown) => {
  const response = await fetch(`${api}/protected`, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, body: await response.json() }
}

describe('npm start', () => {
  it('signs in at POST /login and opens GET /protected, as product.md has it', async () => {
    const env = await ports()
    const demo = await startDemo(asDemo, { ...env, DOORWARD_DATA: await folder() })
    expect([demo.issuer, demo.api]).toEqual([
      `http://localhost:${env.PORT}`,
      `http://localhost:${env.API_PORT}`,
    ])

    const { status, body } = await login(demo, { email: demo.email, password: demo.password })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, refresh_token: expect.any(String) })
    expect(body.token).toBe(body.access_token)
    const opened = await enter(demo, body.token)
    expect([opened.status, opened.body.message]).toEqual([
      200,
      expect.stringMatching(/^Hello, user@example\.com! /),
    ])

    const refreshed = await fetch(`${demo.issuer}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'protected-api-demo',
        refresh_token: String(body.refresh_token),
      }),
    })
    expect((await enter(demo, (await refreshed.json()).access_token)).status).toBe(200)
    expect((await fetch(`${demo.api}/`)).status).toBe(200)
    expect((await fetch(`${demo.issuer}/login`)).status).toBe(200)
  })

  it('keeps the door shut, with a message', async () => {
    const demo = await startDemo(asDemo, { ...(await ports()), DOORWARD_DATA: await folder() })
    const refusals = [
      await login(demo, { email: demo.email, password: 'wrong password' }),
      await login(demo, { email: 'nobody@example.com', password: demo.password }),
      await login(demo, {}),
      await login(demo, { email: { $ne: '' }, password: ['x'] }),
      await enter(demo, 'nonsense'),
      await enter(demo, 'a.b.c'),
    ]
    for (const { status, body } of refusals) {
      expect(status).toBe(401)
      expect(body.message).toEqual(expect.any(String))
    }
    const bare = await fetch(`${demo.api}/protected`)
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })

  it('prints curl lines that work as they stand', async () => {
    const demo = await startDemo(asDemo, { ...(await ports()), DOORWARD_DATA: await folder() })
    await demo.running.line(/Ctrl-C stops everything/)
    const lines = demo.running
      .output()
      .split('\n')
      .filter((line) => /^ {2}(?:TOKEN=|curl -s \S+\/protected)/.test(line))
    expect(lines).toHaveLength(2)
    const { stdout } = await run('sh', ['-c', lines.join('\n')])
    expect(JSON.parse(stdout).message).toContain('Hello, user@example.com!')
  })

  it('starts again, and twice at once, on the same folder with the same password', async () => {
    const DOORWARD_DATA = await folder()
    const first = await Promise.all([
      startDemo(asDemo, { ...(await ports()), DOORWARD_DATA }),
      startDemo(asDemo, { ...(await ports()), DOORWARD_DATA }),
    ])
    expect(new Set(first.map(({ password }) => password)).size).toBe(1)
    await first[0].running.end('SIGTERM')
    const again = await startDemo(asDemo, { ...(await ports()), DOORWARD_DATA })
    for (const demo of [first[1], again]) {
      const { body } = await login(demo, { email: demo.email, password: first[0].password })
      expect((await enter(demo, body.token)).status).toBe(200)
    }
  })

  it('takes the password from DOORWARD_DEMO_PASSWORD, also when it changes', async () => {
    const DOORWARD_DATA = await folder()
    for (const DOORWARD_DEMO_PASSWORD of ["it's-a-first-one", 'and-then-another']) {
      const demo = await startDemo(asDemo, { ...(await ports()), DOORWARD_DATA, DOORWARD_DEMO_PASSWORD })
      expect(demo.password).toBe(DOORWARD_DEMO_PASSWORD)
      expect((await login(demo, { email: demo.email, password: DOORWARD_DEMO_PASSWORD })).status).toBe(200)
      await demo.running.end('SIGTERM')
    }
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 on %s, and nothing listens any more',
    async (signal) => {
      const demo = await startDemo(asDemo, { ...(await ports()), DOORWARD_DATA: await folder() })
      expect(await demo.running.end(signal)).toBe(0)
      await expect(fetch(demo.api)).rejects.toThrow()
      await expect(fetch(demo.issuer)).rejects.toThrow()
    },
  )
})

describe('npm run example protected-api', () => {
  it("mounts Doorward under /auth on the app's own port", async () => {
    const env = await ports()
    const demo = await startDemo(asExample, { ...env, DOORWARD_DATA: await folder() })
    expect([demo.issuer, demo.api]).toEqual([
      `http://localhost:${env.PORT}/auth`,
      `http://localhost:${env.PORT}`,
    ])
    const { body } = await login(demo, { email: demo.email, password: demo.password })
    expect((await enter(demo, body.token)).status).toBe(200)
    for (const address of [
      '/auth/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/auth',
    ]) {
      expect(await (await fetch(`${demo.api}${address}`)).json()).toMatchObject({ issuer: demo.issuer })
    }
    expect((await fetch(`${demo.api}/auth/login`)).status).toBe(200)
    expect(await demo.running.end('SIGINT')).toBe(0)
  })
})
