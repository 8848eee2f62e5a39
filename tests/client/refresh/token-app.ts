import { ClientError, type ClientOptions, createClient, oauth2 } from '@doorward/client'
import { postgresStore } from '@doorward/client/postgres'
import { sqliteStore } from '@doorward/client/sqlite'
import express from 'express'

/** What one process of the app is told. */
export type AppSettings = Pick<ClientOptions, 'baseUrl' | 'secret'> & {
  readonly database: { readonly file: string } | { readonly databaseUrl: string }
  readonly provider: string
  /** Its name, which the provider sees. */
  readonly process: string
  readonly port: number
}

const settings: AppSettings = JSON.parse(process.argv[2] ?? '')
const { database, provider } = settings
const store = 'file' in database ? sqliteStore(database) : postgresStore(database)
const signIn = createClient({
  baseUrl: settings.baseUrl,
  secret: settings.secret,
  store,
  providers: [
    oauth2({
      id: 'rotating',
      name: 'Rotating',
      clientId: 'app',
      scope: 'all',
      endpoints: {
        authorization: `${provider}/authorize`,
        token: `${provider}/token?process=${settings.process}`,
        userinfo: `${provider}/userinfo`,
      },
      profile: ({ userinfo }) => ({
        subject: String(userinfo?.sub),
        email: null,
        emailVerified: false,
        name: null,
        picture: null,
      }),
    }),
  ],
})

const app = express()
app.use(signIn.express())
app.get('/', async (request, response) => {
  response.json((await signIn.getSession(request))?.user.subject ?? null)
})
app.get('/token', async (request, response) => {
  const session = await signIn.getSession(request)
  if (session === null) return response.status(401).send('signed out')
  const token = await signIn.getAccessToken(session).catch((error: unknown) => error)
  if (typeof token === 'string') return response.send(token)
  return response.status(503).send(token instanceof ClientError ? token.code : String(token))
})
const listening = app.listen(settings.port, '127.0.0.1', () => {
  const address = listening.address()
  if (address !== null && typeof address === 'object')
    process.stdout.write(`Listening on http://127.0.0.1:${address.port}\n`)
})
