import { randomBytes } from 'node:crypto'
import type { Contender, PlainLoad } from '../../row.ts'
import { type CodeServer, REDIRECT_URI } from '../code-flow/code-server.ts'
import { signIn } from '../code-flow/sign-in.ts'
import { type LocalServer, startLocalServer } from '../local-server.ts'
import { basic, clientCredentialsBody, formHeaders, type SigningAlg, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import type { ProviderSettings } from './settings.ts'

/** How oidc-provider is set up in every row. */
export const OIDC_PROVIDER = {
  name: 'oidc-provider',
  kind: 'peer',
  note: 'oidc-provider on node:http, everything in Maps in memory, JWT access tokens by resourceIndicators, rotateRefreshToken.',
} as const

const client = (id: string) => ({ id, secret: randomBytes(32).toString('base64url') })

type Choice = Pick<ProviderSettings, 'alg' | 'accessTokenFormat' | 'clients'>

function startProvider(cpu: number, choice: Choice): Promise<LocalServer> {
  const { resource, scope, lifetimeSeconds } = WORK
  const settings: ProviderSettings = {
    ...choice,
    resource,
    scope,
    lifetimeSeconds,
    redirectUri: REDIRECT_URI,
  }
  return startLocalServer(new URL('./servers/provider.ts', import.meta.url), cpu, settings)
}

/** oidc-provider answering client_credentials. */
export function providerClientCredentials(alg: SigningAlg): Contender {
  return {
    ...OIDC_PROVIDER,
    async start(cpu) {
      const app = client('app')
      const { url, pid, stop } = await startProvider(cpu, { alg, accessTokenFormat: 'jwt', clients: [app] })
      const load: PlainLoad = {
        url: `${url}/token`,
        method: 'POST',
        headers: formHeaders(basic(app.id, app.secret)),
        body: clientCredentialsBody(),
      }
      const verify = async () => {
        checkAccessToken((await requestOnce(load)).access_token, alg)
      }
      return { pids: [pid], load, verify, stop }
    },
  }
}

/** oidc-provider with two clients and a person who is signed in. */
export const startProviderCodeServer =
  (accessTokenFormat: ProviderSettings['accessTokenFormat']) =>
  async (cpu: number, scope: string): Promise<CodeServer> => {
    const [app, api] = [client('app'), client('api')]
    const { url, pid, stop } = await startProvider(cpu, {
      alg: 'ES256',
      accessTokenFormat,
      clients: [app, api],
    })
    const authorizeUrl = `${url}/auth`
    try {
      return {
        pid,
        clientId: app.id,
        authorization: basic(app.id, app.secret),
        introspector: basic(api.id, api.secret),
        cookie: await signIn({ authorizeUrl, clientId: app.id }, scope),
        authorizeUrl,
        tokenUrl: `${url}/token`,
        introspectUrl: `${url}/token/introspection`,
        stop,
      }
    } catch (cause) {
      await stop()
      throw cause
    }
  }
