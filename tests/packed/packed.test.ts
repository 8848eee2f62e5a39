import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, type RunOptions, repositoryRoot, run, start } from '../support/process.ts'

const packages = ['client', 'core', 'guard', 'server']

/** A route of somebody's own, guarded by what they installed. */
const api = `
import { createServer } from 'node:http'
import express from 'express'
import { requireToken } from '@doorward/guard/express'

const app = express()
const issuer = process.argv[2]
app.get('/orders', requireToken({ issuer, audience: 'https://orders.example/', scope: 'read' }), (req, res) => {
  res.json({ subject: req.auth.subject })
})
createServer(app).listen(0, '127.0.0.1', function () {
  console.log('api on ' + this.address().port)
})
`

/** What the README says of each framework, as somebody has it who installed that framework. */
const framed = `
import { createClient, google } from '@doorward/client'
import fastify from 'fastify'
import { Hono } from 'hono'

const providers = [google({ clientId: 'a', clientSecret: 'b' })]
const signIn = createClient({ baseUrl: 'http://localhost:3000', secret: 'x'.repeat(32), providers })
const onRequest = signIn.requireSession.fastify()

export const fast = fastify()
await fast.register(signIn.fastify())
fast.get('/', async (request) => (await signIn.getSession(request))?.user.email)
fast.get('/me', { onRequest }, async (request) => request.signedIn?.user.email)

export const hono = new Hono()
hono.use(signIn.hono())
hono.get('/', async (c) => c.text((await signIn.getSession(c))?.user.email ?? 'nobody'))
hono.get('/me', signIn.requireSession.hono(), (c) => c.text(c.get('signedIn').user.email ?? 'nobody'))
`

/** Types as somebody's strict project sees them, without our sources. */
const typed = `
import { createClient, google, type Session } from '@doorward/client'
import { sqliteStore } from '@doorward/client/sqlite'
import { requireToken } from '@doorward/guard/fetch'
import { createDoorward } from 'doorward'
import { checkCodeVerifier } from '@doorward/core'

export const guard = requireToken({ issuer: 'https://id.example', audience: 'https://orders.example/' })
export const handler = guard((_request, auth) => Response.json({ subject: auth.subject, scopes: auth.scopes }))
export const open = () => createDoorward({ issuer: 'http://localhost:3000', database: './data' })
export { checkCodeVerifier }
export const signIn = createClient({
  baseUrl: 'http://localhost:3000',
  secret: 'x'.repeat(32),
  store: sqliteStore({ file: './sign-in.db' }),
  providers: [google({ clientId: 'a', clientSecret: 'b' })],
})
export const who = async (request: Request): Promise<Session | null> => signIn.getSession(request)
`

describe('the packages as they would be published', () => {
  let project: string
  let tarballs: string[]
  const running: Running[] = []

  /** The pinned Node comes first, as it does under npm; nothing of the repository is found by accident. */
  const here = (): RunOptions => ({
    cwd: project,
    env: { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` },
  })

  const succeed = async (command: string, args: readonly string[], options: RunOptions = here()) => {
    const { code, stdout, stderr } = await run(command, args, options)
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stdout}\n${stderr}`)
    return stdout
  }

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'doorward-packed-'))
    const inRepository = { ...here(), cwd: repositoryRoot }
    await succeed('npm', ['run', 'build'], inRepository)
    const folders = packages.flatMap((name) => ['--workspace', `packages/${name}`])
    await mkdir(join(project, 'tarballs'))
    await succeed('npm', ['pack', ...folders, '--pack-destination', join(project, 'tarballs')], inRepository)
    tarballs = (await readdir(join(project, 'tarballs'))).map((name) => `./tarballs/${name}`)
    await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
    await succeed('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs, 'express@5'])
  }, 180_000)

  afterAll(async () => {
    await Promise.all(running.map((child) => child.end('SIGTERM')))
    await rm(project, { recursive: true, force: true })
  })

  it('hold sources, declarations and maps, a licence and no tests', async () => {
    expect(tarballs).toHaveLength(packages.length)
    for (const tarball of tarballs) {
      const names = (await succeed('tar', ['-tzf', tarball])).split('\n')
      for (const name of ['package/package.json', 'package/LICENSE', 'package/dist/index.js']) {
        expect(names, tarball).toContain(name)
      }
      expect(names).toEqual(expect.arrayContaining(['package/dist/index.d.ts', 'package/dist/index.js.map']))
      expect(names.filter((name) => /\.test\.|\/tests?\/|tsbuildinfo|\.env|secret$/.test(name))).toEqual([])
    }
  })

  it('install few packages: the server under 90 in all (guard and core none but each other)', async () => {
    const listed = JSON.parse(await succeed('npm', ['ls', '--all', '--json']))
    const names = new Set<string>()
    const collect = (node: { dependencies?: Record<string, object> }): void => {
      for (const [name, child] of Object.entries(node.dependencies ?? {})) {
        names.add(name)
        collect(child)
      }
    }
    collect(listed.dependencies.doorward)
    expect(names.size).toBeLessThan(90)
    // npm lists the optional peers too, where the app happens to have them.
    const guard = await readFile(join(project, 'node_modules/@doorward/guard/package.json'), 'utf8')
    expect(Object.keys(JSON.parse(guard).dependencies)).toEqual(['@doorward/core'])
    const client = await readFile(join(project, 'node_modules/@doorward/client/package.json'), 'utf8')
    expect(Object.keys(JSON.parse(client).dependencies)).toEqual(['@doorward/core', 'jose', 'oauth4webapi'])
  })

  it('start by `npx doorward start`, sign a machine in, and guard a route with the packed guard', async () => {
    const data = join(project, 'data')
    const server = start('npx', ['doorward', 'start', '--port', '0', '--data', data], here())
    running.push(server)
    const issuer = (await server.line(/Doorward is ready at (\S+)/))[1] ?? ''
    const doorward = async (...args: readonly string[]) =>
      JSON.parse(await succeed('npx', ['doorward', ...args, '--data', data, '--json']))
    await doorward('resources', 'create', 'https://orders.example/', '--scope', 'read')
    const client = await doorward(
      ...['clients', 'create', '--name', 'Machine', '--grant', 'client_credentials'],
      ...['--scope', 'read', '--default-resource', 'https://orders.example/'],
    )

    await writeFile(join(project, 'api.js'), api)
    const app = start('node', ['api.js', issuer], here())
    running.push(app)
    const port = (await app.line(/api on (\d+)/))[1]
    const route = `http://127.0.0.1:${port}/orders`
    expect((await fetch(route)).status).toBe(401)

    const authorization = `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const answer = await fetch(`${issuer}/oauth/token`, { method: 'POST', body, headers: { authorization } })
    const { access_token: token } = await answer.json()
    const opened = await fetch(route, { headers: { authorization: `Bearer ${token}` } })
    expect([opened.status, await opened.json()]).toEqual([200, { subject: client.client_id }])
    expect((await fetch(`${issuer}/login`)).status).toBe(200)
  }, 60_000)

  it('drain and end with code 0 on SIGTERM, their npx parent too', async () => {
    await expect.poll(() => running.length).toBe(2)
    const [server] = running
    await server?.end('SIGTERM')
    expect(server?.output()).not.toMatch(/Error/)
  })

  /** What the compiler says of a file in the project, but for what others' declarations are about. */
  const complaintsOf = async (text: string, own: object = {}): Promise<readonly string[]> => {
    await writeFile(join(project, 'typed.ts'), text)
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024', 'dom'],
      skipLibCheck: false,
      // Node's own types, which every TypeScript project for Node has.
      typeRoots: [join(repositoryRoot, 'node_modules/@types')],
      types: ['node'],
      ...own,
    }
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', project], here())
    // Only our own declarations count here; what a dependency declares is its business.
    return stdout.split('\n').filter((line) => /doorward|typed\.ts/.test(line))
  }

  it('have types that a strict project can read without our sources, and without frameworks', async () => {
    expect(await complaintsOf(typed)).toEqual([])
  })

  it('know who is signed in on Fastify and Hono, where those are', async () => {
    const { devDependencies } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8'))
    const frameworks = ['fastify', 'hono'].map((name) => `${name}@${devDependencies[name]}`)
    await succeed('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...frameworks])
    expect(await complaintsOf(framed, { skipLibCheck: true })).toEqual([])
    expect(await complaintsOf(framed.replace('signedIn?', 'signedin?'))).not.toEqual([])
  })

  it('say in a sentence that an older Node is too old', async () => {
    const bin = await readFile(join(project, 'node_modules/doorward/bin/doorward.js'), 'utf8')
    expect(bin).toContain('needs Node 24.15 or newer')
    expect(bin.split('await import(')[0]).not.toMatch(/\?\?=|^using /m)
  })
})
