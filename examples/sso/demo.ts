/**
 * Two apps and one sign-in: whoever has signed in to one is let in to the other without a question, and whoever signs
 * out of one is signed out of both.
 *
 *   npm run example sso
 *
 * PORT (Doorward's), ORDERS_PORT and INVOICES_PORT choose the ports, DOORWARD_DATA the folder.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, doorward, type Session } from '@doorward/client'
import { sqliteStore } from '@doorward/client/sqlite'
import { createDoorward, InputError, onShutdown } from 'doorward'
import express, { type Express } from 'express'

const port = Number(process.env.PORT ?? 4000)
const ordersPort = Number(process.env.ORDERS_PORT ?? 4001)
const invoicesPort = Number(process.env.INVOICES_PORT ?? 4002)
const data = process.env.DOORWARD_DATA ?? './.doorward'

const issuer = `http://localhost:${port}`
const email = 'sso@example.com'
const password = randomBytes(12).toString('base64url')

type App = { readonly name: string; readonly origin: string }
const orders: App = { name: 'Orders', origin: `http://localhost:${ordersPort}` }
const invoices: App = { name: 'Invoices', origin: `http://localhost:${invoicesPort}` }

const auth = await createDoorward({ issuer, database: data, log: false })
await auth.users.create({ email, emailVerified: true }).catch((error: unknown) => {
  if (!(error instanceof InputError) || error.kind !== 'taken') throw error
})
await auth.users.setPassword(email, password)

const servers = [await listen(express().disable('x-powered-by').use(auth.express()), port)]
const started = [await start(orders, invoices), await start(invoices, orders)]
// Ctrl-C, SIGTERM, and the end of npm stop everything.
onShutdown(async () => {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  for (const stop of started) await stop()
  await auth.close()
})

console.log(`
Doorward is ready at ${issuer}
Orders is ready at ${orders.origin}
Invoices is ready at ${invoices.origin}

  E-mail:   ${email}
  Password: ${password}

Sign in to one, and open the other: it asks for nothing. Sign out of one, and reload the other. Ctrl-C stops everything.
`)

/** Starts one of the two apps; answers what stops its sign-in. They share nothing but the provider. */
async function start(self: App, other: App): Promise<() => Promise<void>> {
  const { origin, name } = self
  const store = sqliteStore({ file: join(data, `sso-${name.toLowerCase()}.db`) })
  const signIn = createClient({
    baseUrl: origin,
    secret: randomBytes(32).toString('base64url'),
    store,
    providers: [doorward({ issuer, ...(await register(self)) })],
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
    response.send(page(self, other, await signIn.getSession(request)))
  })
  app.get('/style.css', (_request, response) =>
    response.sendFile(fileURLToPath(new URL('../style.css', import.meta.url))),
  )
  servers.push(await listen(app, Number(new URL(origin).port)))
  return async () => {
    signIn.close()
    await store.close()
  }
}

/** What an operator does once for each app, with the command line or like this. */
async function register({ name, origin }: App): Promise<{ clientId: string; clientSecret: string }> {
  const clientId = `sso-demo-${new URL(origin).port}`
  const known = await auth.clients.find(clientId)
  const metadata = {
    client_name: name,
    // An app of the house: nobody is asked whether it may know who they are.
    trusted: true,
    redirect_uris: [`${origin}/login/doorward/callback`],
    post_logout_redirect_uris: [`${origin}/`],
    // Where Doorward tells the app that somebody signed out elsewhere.
    backchannel_logout_uri: `${origin}/logout/back-channel/doorward`,
    grant_types: ['authorization_code', 'refresh_token'],
  }
  const { secret } = await (known === null
    ? auth.clients.create(metadata, { id: clientId })
    : auth.clients.rotateSecret(clientId))
  return { clientId, clientSecret: secret ?? '' }
}

function page({ name }: App, other: App, session: Session | null): string {
  const body =
    session === null
      ? `<p>You are not signed in.</p>
<a class="button" href="/login/doorward">Sign in</a>`
      : `<p>Signed in as ${escapeHtml(session.user.email ?? session.user.subject)}</p>
<form method="post" action="/logout"><button class="button" type="submit">Sign out</button></form>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>${name}</h1>
${body}
<a class="button quiet" href="${other.origin}/">Go to ${other.name}</a>
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

async function listen(handler: Express, port: number): Promise<Server> {
  const server = handler.listen(port, 'localhost')
  await once(server, 'listening').catch((error: { code?: string }) => {
    if (error.code !== 'EADDRINUSE') throw error
    console.error(`Port ${port} is taken. Choose others with PORT, ORDERS_PORT and INVOICES_PORT.`)
    process.exit(1)
  })
  return server
}
