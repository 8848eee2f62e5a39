import { randomBytes } from 'node:crypto'
import type { Contender, PlainLoad } from '../../row.ts'
import { startLocalServer } from '../local-server.ts'
import { basic, formHeaders, WORK } from '../token-work.ts'
import { requestOnce } from '../verify-token.ts'

/** Bare node:http that answers a form post with what introspection would say. */
export const floorIntrospection: Contender = {
  name: 'floor',
  kind: 'floor',
  note: 'Bare node:http: read the form, compare the token, answer. No client authentication, no cryptography.',
  async start(cpu) {
    const now = Math.floor(Date.now() / 1000)
    // As long as a JWT is.
    const token = randomBytes(360).toString('base64url')
    const answer = {
      active: true,
      scope: WORK.scope,
      client_id: 'benchmark',
      token_type: 'Bearer',
      exp: now + WORK.lifetimeSeconds,
      iat: now,
      sub: 'user',
      aud: WORK.resource,
      iss: WORK.issuer,
      jti: randomBytes(16).toString('base64url'),
    }
    const { url, pid, stop } = await startLocalServer(
      new URL('./servers/introspection.ts', import.meta.url),
      cpu,
      { token, answer },
    )
    const load: PlainLoad = {
      url: `${url}/introspect`,
      method: 'POST',
      headers: formHeaders(basic('api', randomBytes(32).toString('base64url'))),
      body: new URLSearchParams({ token }).toString(),
    }
    const verify = async () => {
      if ((await requestOnce(load)).active !== true) throw new Error('the token is not active')
    }
    return { pids: [pid], load, verify, stop }
  },
}
