import type { ClientAuth } from 'oauth4webapi'
import type { Provider } from '../providers/provider.ts'
import { loadOauth } from './libraries.ts'

/** How the app proves itself at the provider's endpoints (RFC 6749 §2.3.1). `now` in seconds. */
export async function clientAuthentication(provider: Provider, now: number): Promise<ClientAuth> {
  const { clientAuth, clientSecret, quirks } = provider
  const secret = typeof clientSecret === 'function' ? await clientSecret(now) : clientSecret
  const { ClientSecretBasic, ClientSecretPost, None } = await loadOauth()
  if (clientAuth === 'none' || secret === undefined) return None()
  if (clientAuth === 'post') return ClientSecretPost(secret)
  return quirks?.rawBasic === true ? rawBasic(secret) : ClientSecretBasic(secret)
}

/** Basic by RFC 7617 alone, for providers that do not decode id and secret. */
function rawBasic(secret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    const credentials = Buffer.from(`${client.client_id}:${secret}`, 'utf8').toString('base64')
    headers.set('authorization', `Basic ${credentials}`)
  }
}
