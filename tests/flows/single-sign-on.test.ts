import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { answerOf, authorizeUrl, callbackUri, createPkce, exchange, signIn } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

describe.each(databases)('signed in once, signed in for all, on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let clients: RegisteredClient[]

  beforeAll(async () => {
    server = await startDoorward({ database })
    const make = () => server.createClient({ redirect_uris: [callbackUri], trusted: true })
    ;[user, ...clients] = await Promise.all([server.createUser(), make(), make()])
  })
  afterAll(() => server.stop())

  it('the second client gets its code without a question, in the same session', async () => {
    const agent = createAgent()
    const [first, second] = clients
    if (first === undefined || second === undefined) throw new Error('two clients were made')
    const { tokens } = await signIn(server, first, user, { agent })
    const pkce = createPkce()
    const url = authorizeUrl(server, {
      response_type: 'code',
      client_id: second.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
    })
    const { searchParams } = answerOf(agent, await agent.request(url))
    const code = searchParams.get('code') ?? ''
    const authorized = { agent, pkce, code, redirectUri: callbackUri, answer: searchParams }
    const other = (await exchange(server, second, authorized)).body
    const [one, two] = [tokens.id_token, other.id_token].map((token) => decodeJwt(String(token)))
    expect(two).toMatchObject({ sub: user.sub, sid: one?.sid, auth_time: one?.auth_time })
  })

  it('/account says who is signed in, and leads out', async () => {
    const agent = createAgent()
    const page = await agent.open(`${server.issuer}/login`)
    const account = await agent.submit(page, { email: user.email, password: user.password })
    expect(new URL(account.url).pathname).toBe('/account')
    expect(account.text).toContain(user.email)
  })

  it('one e-mail address in any case is one account; the password is exact', async () => {
    const agent = createAgent()
    const login = () => agent.open(`${server.issuer}/login`)
    const refused = await agent.submit(await login(), {
      email: user.email,
      password: user.password.toUpperCase(),
    })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    const account = await agent.submit(await login(), {
      email: user.email.toUpperCase(),
      password: user.password,
    })
    expect(account.text).toContain(user.email)
  })

  it('sessions outlive a restart of the server', async () => {
    const [first] = clients
    if (first === undefined) throw new Error('a client was made')
    const { agent } = await signIn(server, first, user)
    await server.restart()
    const account = await agent.open(`${server.issuer}/account`)
    expect(account.text).toContain(user.email)
  })
})
