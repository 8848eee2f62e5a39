/**
 * Doorward as a process of its own, and two APIs beside it that trust its tokens: one in Fastify, one in Hono.
 * They know the issuer's address and nothing else of it: the guard fetches the keys.
 *
 *   npm run example separate-api
 *
 * PORT, FASTIFY_PORT and HONO_PORT choose the ports, DOORWARD_DATA the folder.
 */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { requireToken as fastifyToken } from '@doorward/guard/fastify'
import { requireToken as honoToken } from '@doorward/guard/hono'
import { serve } from '@hono/node-server'
import { createDoorward, InputError, onShutdown } from 'doorward'
import fastify from 'fastify'
import { Hono } from 'hono'

const port = Number(process.env.PORT ?? 4000)
const fastifyPort = Number(process.env.FASTIFY_PORT ?? 4001)
const honoPort = Number(process.env.HONO_PORT ?? 4002)
const data = process.env.DOORWARD_DATA ?? './.doorward'

const issuer = `http://localhost:${port}`
// The name of the API, not its address: whichever service answers for it.
const audience = 'https://orders.example.com'
const client = 'separate-api-demo'
const email = 'orders@example.com'
const password = randomBytes(12).toString('base64url')

await prepare()
const doorward = await startDoorward()

const fast = fastify()
fast.get(
  '/orders',
  { onRequest: fastifyToken({ issuer, audience, scope: 'orders:read' }) },
  async (request) => ({
    message: `Fastify: the orders of ${request.auth?.claims.email}`,
  }),
)
fast.post('/orders', { onRequest: fastifyToken({ issuer, audience, scope: 'orders:write' }) }, async () => ({
  message: 'Fastify: ordered',
}))
await fast.listen({ port: fastifyPort, host: 'localhost' })

const hono = new Hono()
hono.get('/orders', honoToken({ issuer, audience, scope: 'orders:read' }), (c) =>
  c.json({ message: `Hono: the orders of ${c.get('auth').claims.email}` }),
)
hono.post('/orders', honoToken({ issuer, audience, scope: 'orders:write' }), (c) =>
  c.json({ message: 'Hono: ordered' }),
)
const honoServer = serve({ fetch: hono.fetch, port: honoPort, hostname: '127.0.0.1' })
await once(honoServer, 'listening')

// Ctrl-C, SIGTERM, and the end of npm stop everything.
onShutdown(async () => {
  honoServer.close()
  await fast.close()
  doorward.kill('SIGTERM')
  if (doorward.exitCode === null) await once(doorward, 'exit')
})

console.log(instructions())

/** What an operator does once, with the command line or like this: the API, the app, and somebody to sign in. */
async function prepare(): Promise<void> {
  const auth = await createDoorward({ issuer, database: data, log: false })
  await unlessThere(
    auth.resources.create({
      uri: audience,
      name: 'Orders',
      scopes: ['orders:read', 'orders:write'],
      claims: ['email'],
    }),
  )
  const app = {
    client_name: 'Orders app',
    first_party: true,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
    scope: 'orders:read',
  }
  await unlessThere(auth.clients.create(app, { id: client }))
  await unlessThere(auth.users.create({ email, emailVerified: true }))
  await auth.users.setPassword(email, password)
  await auth.close()
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  await made.catch((error: unknown) => {
    if (!(error instanceof InputError) || error.kind !== 'taken') throw error
  })
}

/** Like `npx doorward start`. */
async function startDoorward() {
  const bin = fileURLToPath(new URL('../../packages/server/bin/doorward.js', import.meta.url))
  const child = spawn(process.execPath, [bin, 'start', '--port', String(port), '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Under this name it also ends when we end.
    env: { ...process.env, npm_command: 'example' },
  })
  const lines = createInterface(child.stdout)
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith('Doorward is ready')) resolve()
    })
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error('Doorward did not start')
  })
  await Promise.race([ready, ended])
  ended.catch(() => undefined)
  return child
}

function instructions(): string {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const field = (name: string) => `sed -E 's/.*"${name}":"([^"]+)".*/\\1/'`
  return `
Doorward is ready at ${issuer}
The Fastify API is ready at http://localhost:${fastifyPort}
The Hono API is ready at http://127.0.0.1:${honoPort}

  E-mail:   ${email}
  Password: ${password}

Sign in as the app's own login form would, and turn the code into a token:
  CODE=$(curl -s ${issuer}/oauth/authorize-challenge -d client_id=${client} -d scope=orders:read -d resource=${audience} -d code_challenge_method=S256 -d code_challenge=${challenge} -d email=${email} -d password=${password} | ${field('authorization_code')})
  TOKEN=$(curl -s ${issuer}/oauth/token -d grant_type=authorization_code -d client_id=${client} -d code=$CODE -d code_verifier=${verifier} | ${field('access_token')})

Both APIs take it:
  curl -s http://localhost:${fastifyPort}/orders -H "Authorization: Bearer $TOKEN"
  curl -s http://127.0.0.1:${honoPort}/orders -H "Authorization: Bearer $TOKEN"

Reading is all it is good for (403):
  curl -i -X POST http://localhost:${fastifyPort}/orders -H "Authorization: Bearer $TOKEN"
  curl -i -X POST http://127.0.0.1:${honoPort}/orders -H "Authorization: Bearer $TOKEN"

Ctrl-C stops everything.
`
}
