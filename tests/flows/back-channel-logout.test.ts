import { createServer } from 'node:http'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { callbackUri, signIn } from '../support/flow.ts'
import { type DatabaseKind, databases, startDoorward } from '../support/server.ts'
import { readIdToken } from '../support/tokens.ts'

type Told = { readonly type: string; readonly body: string }

/** A client's back-channel logout address. It fails the first time, as addresses do. */
const startReceiver = async () => {
  const told: Told[] = []
  let calls = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    calls += 1
    told.push({ type: String(request.headers['content-type']), body })
    response.writeHead(calls === 1 ? 503 : 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    uri: `http://127.0.0.1:${port}/logout`,
    told,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** A server, somebody who may sign in, and a client that is told of logouts. */
const begin = async (database: DatabaseKind) => {
  const [server, receiver] = await Promise.all([startDoorward({ database }), startReceiver()])
  const [user, app] = await Promise.all([
    server.createUser(),
    server.createClient({
      redirect_uris: [callbackUri],
      trusted: true,
      backchannel_logout_uri: receiver.uri,
      id_token_signed_response_alg: 'ES256',
    }),
  ])
  return { server, receiver, user, app }
}

describe('back-channel logout', () => {
  const told =
    'tells each client of an ended session, and again where that failed (Back-Channel Logout §2.4, §2.5)'

  // Both wait five seconds for the second attempt: side by side.
  it.concurrent.for(databases)(`on %s ${told}`, async (database, { expect, onTestFinished }) => {
    const { server, receiver, user, app } = await begin(database)
    onTestFinished(async () => {
      await server.stop()
      await receiver.close()
    })
    const agent = createAgent()
    const { tokens } = await signIn(server, app, user, { agent })
    const { claims: signedIn } = await readIdToken(server, tokens, app.client_id)
    await agent.open(`${server.issuer}/oauth/logout?id_token_hint=${tokens.id_token}`)
    await expect.poll(() => receiver.told.length, { timeout: 25_000 }).toBeGreaterThanOrEqual(2)

    for (const { type, body } of receiver.told) {
      expect(type).toMatch(/^application\/x-www-form-urlencoded/)
      const token = new URLSearchParams(body).get('logout_token') ?? ''
      const keys = createRemoteJWKSet(new URL(`${server.issuer}/oauth/jwks`))
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: server.issuer,
        audience: app.client_id,
        typ: 'logout+jwt',
      })
      expect(protectedHeader.alg).toBe('ES256')
      expect(payload).toMatchObject({
        sub: user.sub,
        sid: signedIn.sid,
        jti: expect.any(String),
        exp: expect.any(Number),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      })
      expect(payload).not.toHaveProperty('nonce')
    }
  })
})
