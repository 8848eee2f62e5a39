import { randomBytes } from 'node:crypto'
import { type CodeServer, REDIRECT_URI } from '../code-flow/code-server.ts'
import { signIn } from '../code-flow/sign-in.ts'
import { basic, WORK } from '../token-work.ts'
import { startDoorward } from './server.ts'
import { resourceCommand } from './set-up.ts'

const EMAIL = 'ada@example.com'

/** Doorward with a trusted client, another one that introspects, and a person who is signed in. */
export async function startDoorwardCodeServer(cpu: number, scope: string): Promise<CodeServer> {
  const password = randomBytes(18).toString('base64url')
  const { server, filled } = await startDoorward(cpu, async ({ command }) => {
    await command(resourceCommand('ES256'))
    await command(['users', 'create', '--email', EMAIL, '--email-verified', '--password-stdin'], password)
    const create = ['clients', 'create', '--name']
    const idTokens = ['--set', 'id_token_signed_response_alg=ES256']
    const app = ['App', '--trusted', '--redirect-uri', REDIRECT_URI, '--scope', scope, ...idTokens]
    const api = ['API', '--grant', 'client_credentials', '--introspects', WORK.resource]
    return { app: await command([...create, ...app]), api: await command([...create, ...api]) }
  })
  const { app, api } = filled
  const clientId = String(app.client_id)
  const authorizeUrl = `${server.issuer}/oauth/authorize`
  try {
    return {
      pid: server.pid,
      clientId,
      authorization: basic(clientId, String(app.client_secret)),
      introspector: basic(String(api.client_id), String(api.client_secret)),
      cookie: await signIn({ authorizeUrl, clientId }, scope, { email: EMAIL, password }),
      authorizeUrl,
      tokenUrl: `${server.issuer}/oauth/token`,
      introspectUrl: `${server.issuer}/oauth/introspect`,
      stop: server.stop,
    }
  } catch (cause) {
    await server.stop()
    throw cause
  }
}
