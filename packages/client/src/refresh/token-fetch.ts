import { isLoopbackHost } from '@doorward/core'
import { ClientError } from '../errors.ts'
import type { Refresher } from './refresher.ts'

/**
 * A `fetch` that sends the access token of what `ref` names along, and where the API answers 401 a second time with
 * a fresh one; where there is no refresh token that 401 is the answer. Over https, or to this machine (RFC 6750 §5.3).
 * Rejects with ClientError: see `Refresher.getAccessToken`, and token_needs_https.
 */
export function tokenFetch(ref: string, { getAccessToken }: Pick<Refresher, 'getAccessToken'>): typeof fetch {
  // Without a refresh token the API's own word is all there is: the token need not have expired.
  const freshToken = (ref: string, refused: string): Promise<string> =>
    getAccessToken(ref, refused).catch((error) => {
      if (error instanceof ClientError && error.code === 'refresh_token_missing') return refused
      throw error
    })
  return async (input, init) => {
    const request = new Request(input, init)
    checkSecure(new URL(request.url))
    // A body can be sent once only; a copy of it waits for the second time.
    const again = request.clone()
    const token = await getAccessToken(ref)
    const answer = await fetch(withToken(request, token))
    const fresh = answer.status === 401 ? await freshToken(ref, token) : token
    if (fresh === token) {
      // Not waited for: half of a split stream answers when the other half is cancelled too.
      again.body?.cancel().catch(() => {})
      return answer
    }
    await answer.body?.cancel()
    return fetch(withToken(again, fresh))
  }
}

function checkSecure({ protocol, hostname }: URL): void {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))) return
  throw new ClientError('token_needs_https')
}

function withToken(request: Request, token: string): Request {
  request.headers.set('authorization', `Bearer ${token}`)
  return request
}
