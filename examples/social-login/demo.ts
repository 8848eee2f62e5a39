/**
 * Sign in with Google or GitHub, in one file: `/` says who is signed in.
 *
 *   npm run example social-login
 *
 * GOOGLE_CLIENT_ID with GOOGLE_CLIENT_SECRET, and GITHUB_CLIENT_ID with GITHUB_CLIENT_SECRET, are what their consoles
 * gave you. Without any of them a Doorward is started beside the app, and is the provider.
 * APP_PORT and PORT (Doorward's) choose the ports, DOORWARD_DATA the folder, SIGN_IN_SECRET what sessions are sealed with.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, doorward, github, google, type Provider, type User } from '@doorward/client'
import { sqliteStore } from '@doorward/client/sqlite'
import { createDoorward, type Doorward, InputError, onShutdown } from 'doorward'
import express, { type Express } from 'express'

const port = Number(process.env.PORT ?? 4000)
const appPort = Number(process.env.APP_PORT ?? 4001)
const data = process.env.DOORWARD_DATA ?? './.doorward'

const issuer = `http://localhost:${port}`
const origin = `http://localhost:${appPort}`
const email = 'social@example.com'
const password = randomBytes(12).toString('base64url')

const foreign: readonly Provider[] = [
  ...credentialsOf('GOOGLE').map((credentials) => google(credentials)),
  ...credentialsOf('GITHUB').map((credentials) => github(credentials)),
]
const several = foreign.length > 1
const callbacks = several
  ? foreign.map(({ id }) => `${origin}/login/${id}/callback`)
  : [`${origin}/login/authorized`]

await mkdir(data, { recursive: true, mode: 0o700 })
const auth = foreign.length === 0 ? await createDoorward({ issuer, database: data, log: false }) : null
const providers = auth === null ? foreign : [await doorwardAsProvider(auth)]

const store = sqliteStore({ file: join(data, 'social-login.db') })
const signIn = createClient({
  baseUrl: origin,
  // A random one does for a demo: sessions outlive a restart, the tokens that they keep do not.
  secret: process.env.SIGN_IN_SECRET ?? randomBytes(32).toString('base64url'),
  store,
  providers,
  // With one provider the paths need not name it.
  paths: several ? {} : { login: '/login', callback: '/login/authorized' },
})

const app = express()
app.disable('x-powered-by')
app.use((_request, response, next) => {
  // A form's answer may lead only where form-action allows it: signing out leads to Doorward and back.
  response.set({
    'Content-Security-Policy': `default-src 'none'; style-src 'self'; form-action 'self' ${issuer}; base-uri 'none'; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  next()
})
app.use(signIn.express())
app.get('/', async (request, response) => {
  const session = await signIn.getSession(request)
  response.send(page(session === null ? signedOut() : signedIn(session.user)))
})
// With several providers: choose one.
app.get('/login', (_request, response) => response.redirect('/'))
app.get('/style.css', (_request, response) =>
  response.sendFile(fileURLToPath(new URL('../style.css', import.meta.url))),
)

const servers = [await listen(app, appPort)]
if (auth !== null) servers.push(await listen(express().disable('x-powered-by').use(auth.express()), port))
// Ctrl-C, SIGTERM, and the end of npm stop everything.
onShutdown(async () => {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  signIn.close()
  await store.close()
  await auth?.close()
})

console.log(instructions())

/** What a provider's console gave out; none where neither variable is set. */
function credentialsOf(name: string): { readonly clientId: string; readonly clientSecret: string }[] {
  const [id, secret] = [`${name}_CLIENT_ID`, `${name}_CLIENT_SECRET`]
  const [clientId = '', clientSecret = ''] = [process.env[id], process.env[secret]]
  if (clientId === '' && clientSecret === '') return []
  if (clientId !== '' && clientSecret !== '') return [{ clientId, clientSecret }]
  const [there, missing] = clientId === '' ? [secret, id] : [id, secret]
  console.error(`${there} is set, and ${missing} is not: set both, or neither.`)
  process.exit(1)
}

function signedOut(): string {
  const links = providers.map(
    ({ id, name }) => `<a class="button" href="${signIn.loginPath(id)}">Sign in with ${escapeHtml(name)}</a>`,
  )
  return `<h1>You are not signed in</h1>\n${links.join('\n')}`
}

function signedIn(user: User): string {
  return `<h1>Signed in as ${escapeHtml(user.email ?? user.name ?? user.subject)}</h1>
<form method="post" action="/logout"><button class="button quiet" type="submit">Sign out</button></form>`
}

function page(body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Social login</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** What an operator does once, with the command line or like this: the app, and somebody to sign in. */
async function doorwardAsProvider({ clients, users }: Doorward): Promise<Provider> {
  const clientId = `social-login-demo-${appPort}`
  const known = await clients.find(clientId)
  const metadata = {
    client_name: 'Social login',
    redirect_uris: callbacks,
    post_logout_redirect_uris: [`${origin}/`],
    backchannel_logout_uri: `${origin}/logout/back-channel/doorward`,
    grant_types: ['authorization_code', 'refresh_token'],
  }
  const { secret } = await (known === null
    ? clients.create(metadata, { id: clientId })
    : clients.rotateSecret(clientId))
  await users.create({ email, emailVerified: true }).catch((error: unknown) => {
    if (!(error instanceof InputError) || error.kind !== 'taken') throw error
  })
  await users.setPassword(email, password)
  return doorward({ issuer, clientId, clientSecret: secret ?? '' })
}

async function listen(handler: Express, port: number): Promise<Server> {
  const server = handler.listen(port, 'localhost')
  await once(server, 'listening').catch((error: { code?: string }) => {
    if (error.code !== 'EADDRINUSE') throw error
    console.error(
      `Port ${port} is taken. Choose others: PORT=5000 APP_PORT=5001 npm run example social-login`,
    )
    process.exit(1)
  })
  return server
}

function instructions(): string {
  const provider =
    auth === null
      ? `Registered with ${foreign.map(({ name }) => name).join(' and ')} must be:\n  ${callbacks.join('\n  ')}`
      : `Doorward is ready at ${issuer}\n\n  E-mail:   ${email}\n  Password: ${password}`
  return `
The app is ready at ${origin}
${provider}

Open the app in a browser and sign in. Ctrl-C stops everything.
`
}
