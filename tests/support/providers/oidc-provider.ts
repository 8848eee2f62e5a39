import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import Provider, { type Configuration } from 'oidc-provider'
import type { Agent, Page } from '../agent.ts'
import { listen } from './http.ts'

/** oidc-provider from npm, with its own pages, in memory. */
export type ForeignProvider = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Whatever it could not do, in its own words. */
  readonly complaints: readonly string[]
  stop(): Promise<void>
}

const account = (sub: string) => ({
  sub,
  email: `${sub}@example.com`,
  email_verified: true,
  name: `The ${sub}`,
})

const configure = (client: {
  readonly id: string
  readonly secret: string
  readonly app: string
}): Configuration => ({
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [`${client.app}/login/foreign/callback`],
      post_logout_redirect_uris: [`${client.app}/`],
      backchannel_logout_uri: `${client.app}/logout/back-channel/foreign`,
      backchannel_logout_session_required: true,
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = form.replace('</form>', '<button name="logout" value="yes">Sign out</button></form>')
      },
    },
  },
  // Its own dispatcher calls no loopback address, where the apps of the tests are.
  fetch: (url, options = {}) =>
    globalThis.fetch(
      url,
      Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'dispatcher')),
    ),
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => account(sub) }),
  pkce: { required: () => true },
})

/** Starts it for one client: the app at `app`, whose provider is named `foreign`. */
export const startForeignProvider = async (app: string): Promise<ForeignProvider> => {
  const complaints: string[] = []
  let handle: RequestListener = (_request, response) => response.writeHead(503).end()
  const { origin, close } = await listen((request, response) => handle(request, response))
  const [id, secret] = ['foreign-client', randomBytes(24).toString('base64url')]
  const provider = new Provider(origin, configure({ id, secret, app }))
  provider.on('server_error', (_ctx, error) => complaints.push(`server: ${error}`))
  provider.on('grant.error', (_ctx, error) => complaints.push(`grant: ${error}`))
  provider.on('backchannel.error', (_ctx, error) => complaints.push(`back channel: ${error}`))
  handle = provider.callback()
  return { issuer: origin, clientId: id, clientSecret: secret, complaints, stop: close }
}

/** Signs in on its pages and allows, until it sends the browser off. */
export const walkForeign = async (agent: Agent, address: string, login: string): Promise<Page> => {
  let page = await agent.open(address)
  for (let steps = 0; steps < 4 && page.status === 200; steps += 1) {
    const asksPassword = page.text.includes('name="password"')
    page = await agent.submit(page, asksPassword ? { login, password: 'any' } : { prompt: 'consent' })
  }
  return page
}
