/**
 * A login and a protected route, in one file: people sign in at the app's own POST /login and get a JWT, and
 * GET /protected opens for that JWT alone.
 *
 *   npm run example protected-api   Doorward mounted under /auth, on the app's own port (4000)
 *   npm start                       Doorward on port 4000, the API on port 4001
 *
 * PORT and API_PORT choose the ports, DOORWARD_DATA the folder, DOORWARD_DEMO_PASSWORD the demo user's password.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { join } from 'node:path'
import { requireToken } from '@doorward/guard/express'
import { createDoorward, InputError, OAuthError, onShutdown } from 'doorward'
import express, { type ErrorRequestHandler } from 'express'

const mounted = process.argv.includes('--mounted')
const port = Number(process.env.PORT ?? 4000)
const apiPort = mounted ? port : Number(process.env.API_PORT ?? 4001)
const data = process.env.DOORWARD_DATA ?? './.doorward'

const issuer = `http://localhost:${port}${mounted ? '/auth' : ''}`
const api = `http://localhost:${apiPort}`
const email = 'user@example.com'
const client = 'protected-api-demo'

// The authorization server: its database and keys are made in the folder at the first start.
const auth = await createDoorward({ issuer, database: data })
// The API that tokens are for: it knows one scope, and its tokens live an hour and name the user's e-mail.
await once(
  auth.resources.create({
    uri: api,
    name: 'Demo API',
    scopes: ['read'],
    claims: ['email'],
    accessTokenLifetime: 3600,
  }),
)
// The app that people sign in with: `first_party` lets it take passwords in a form of its own.
await once(
  auth.clients.create(
    {
      client_name: 'Demo app',
      first_party: true,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: [],
      redirect_uris: [],
      scope: 'read',
    },
    { id: client },
  ),
)
const password = await demoUser().catch((error: unknown) => {
  if (!(error instanceof InputError)) throw error
  console.error(`DOORWARD_DEMO_PASSWORD does not do. ${error.message}`)
  process.exit(1)
})

const app = express()
app.disable('x-powered-by')
if (mounted) app.use(auth.express())

app.get('/', (_request, response) => {
  response.json({ message: 'Hello, stranger! POST your e-mail and password to /login, then GET /protected.' })
})

app.post('/login', express.json(), async (request, response) => {
  const typed = { email: String(request.body?.email ?? ''), password: String(request.body?.password ?? '') }
  const ip = request.ip ?? ''
  const userAgent = request.get('user-agent') ?? null
  try {
    const tokens = await auth.signIn({ ...typed, client, scope: 'read', resource: api, ip, userAgent })
    response.set('Cache-Control', 'no-store').json({ ...tokens, token: tokens.access_token })
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code === 'server_error') throw error
    // Too many attempts, or too many people at once: the same words, and when to try again.
    if (error.retryAfter !== null) response.set('Retry-After', String(error.retryAfter))
    response.status(error.retryAfter === null ? 401 : error.status).json({ message: error.description })
  }
})

app.get('/protected', requireToken({ issuer, audience: api, scope: 'read' }), (request, response) => {
  response.json({ message: `Hello, ${request.auth?.claims.email}! Only people who signed in read this.` })
})

const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = typeof error?.status === 'number' && error.status < 500 ? error.status : 500
  if (status === 500) console.error(error)
  response
    .status(status)
    .json({ message: status === 500 ? 'Something failed.' : 'The request cannot be read.' })
}
app.use(failed)

const servers = await listen(app, apiPort)
if (!mounted) servers.push(...(await listen(express().disable('x-powered-by').use(auth.express()), port)))
// Ctrl-C, SIGTERM, and the end of npm stop everything.
onShutdown(async () => {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  await auth.close()
})

console.log(instructions())

/** What exists from an earlier start, or from another process starting now, is fine. */
async function once(made: Promise<unknown>): Promise<void> {
  await made.catch((error: unknown) => {
    if (!(error instanceof InputError) || error.kind !== 'taken') throw error
  })
}

/** Makes the demo user, and answers the password: a given one, or a random one that the folder keeps. */
async function demoUser(): Promise<string> {
  const wanted = process.env.DOORWARD_DEMO_PASSWORD ?? (await keptPassword())
  await once(auth.users.create({ email, password: wanted, name: 'Demo User', emailVerified: true }))
  const signIn = { email, password: wanted, client, scope: 'read', resource: api, ip: '127.0.0.1' }
  // Another password than at the last start.
  await auth.signIn(signIn).catch(() => auth.users.setPassword(email, wanted))
  return wanted
}

/** Whole or not at all, however many processes start at once: the first link to the name stays. */
async function keptPassword(): Promise<string> {
  const file = join(data, 'demo-password')
  const draft = `${file}.${process.pid}`
  await mkdir(data, { recursive: true, mode: 0o700 })
  await writeFile(draft, randomBytes(12).toString('base64url'), { mode: 0o600 })
  await link(draft, file).catch((error: { code?: string }) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  return (await readFile(file, 'utf8')).trim()
}

/** Listens on this machine only, on both addresses that `localhost` may mean. */
async function listen(handler: RequestListener, port: number): Promise<Server[]> {
  const opened = await Promise.all(['127.0.0.1', '::1'].map((host) => open(handler, port, host)))
  return opened.filter((server) => server !== null)
}

function open(handler: RequestListener, port: number, host: string): Promise<Server | null> {
  const server = createServer(handler)
  return new Promise((resolve, reject) => {
    server.once('error', (error: { code?: string }) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return resolve(null)
      if (error.code !== 'EADDRINUSE') return reject(error)
      console.error(`Port ${port} is taken. Choose others: PORT=5000 API_PORT=5001 npm start`)
      process.exit(1)
    })
    server.listen({ port, host }, () => resolve(server))
  })
}

function instructions(): string {
  const body = JSON.stringify({ email, password }).replaceAll("'", "'\\''")
  const login = `curl -s ${api}/login -H 'Content-Type: application/json' -d '${body}'`
  return `
Doorward is ready at ${issuer}
The API is ready at ${api}

  E-mail:   ${email}
  Password: ${password}

Without a token the door stays shut:
  curl -i ${api}/protected

Sign in, and you get a token:
  ${login}

With it the door opens:
  TOKEN=$(${login} | sed -E 's/.*"token":"([^"]+)".*/\\1/')
  curl -s ${api}/protected -H "Authorization: Bearer $TOKEN"

A new token for an old one (put the refresh_token from the answer above):
  curl -s ${issuer}/oauth/token -d grant_type=refresh_token -d client_id=${client} -d refresh_token=…

What clients find out by themselves, and the page where people sign in:
  curl -s ${issuer}/.well-known/openid-configuration
  ${issuer}/login

Ctrl-C stops everything.
`
}
