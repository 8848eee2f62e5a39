/** better-auth with its jwt and OAuth 2.1 provider plugins, over node:sqlite, with one client. */
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import { listenLocally, localSettings } from '../../local-settings.ts'
import type { TokenServerSettings } from '../settings.ts'

const { databaseFile, secret, resource, scope, lifetimeSeconds, cached } =
  localSettings<TokenServerSettings>()

const database = new DatabaseSync(databaseFile)
database.exec('PRAGMA journal_mode = WAL')

// "For first-party applications and internal services, you can cache trusted clients for better performance."
const cachedTrustedClients = new Set<string>()

const options = {
  database,
  secret,
  baseURL: 'http://127.0.0.1',
  disabledPaths: ['/token'],
  // The load comes from one address; nobody would measure refusals.
  rateLimit: { enabled: false },
  emailAndPassword: { enabled: true },
  plugins: [
    jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } }),
    oauthProvider({
      loginPage: '/sign-in',
      consentPage: '/consent',
      scopes: [scope],
      resources: [{ identifier: resource, accessTokenTtl: lifetimeSeconds }],
      cachedResources: new Set(cached ? [resource] : []),
      enforcePerClientResources: false,
      m2mAccessTokenExpiresIn: lifetimeSeconds,
      clientPrivileges: async () => true,
      cachedTrustedClients,
    }),
  ],
} satisfies Parameters<typeof betterAuth>[0]

const { runMigrations } = await getMigrations(options)
await runMigrations()
const auth = betterAuth(options)
// Clients belong to somebody.
const { headers } = await auth.api.signUpEmail({
  body: { name: 'Ada', email: 'ada@example.com', password: secret },
  returnHeaders: true,
})
const cookie = headers
  .getSetCookie()
  .map((line) => line.split(';', 1)[0])
  .join('; ')
const client = await auth.api.adminCreateOAuthClient({
  headers: new Headers({ cookie }),
  body: {
    client_name: 'Benchmark',
    grant_types: ['client_credentials'],
    client_credentials_scopes: [scope],
    token_endpoint_auth_method: 'client_secret_basic',
  },
})
if (cached) cachedTrustedClients.add(client.client_id)
console.log(`client ${client.client_id} ${client.client_secret}`)
listenLocally(createServer(toNodeHandler(auth)))
