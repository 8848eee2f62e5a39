import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { authorize, callbackUri, exchange, isActive, post, refresh, signIn } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

const rounds = Array.from({ length: 10 }, (_, index) => index)

describe.each(databases)('races on %s: whoever ends something wins over whoever uses it', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  const expectDead = async (tokens: Readonly<Record<string, unknown>>) => {
    expect((await refresh(server, app, String(tokens.refresh_token))).body.error).toBe('invalid_grant')
    expect(await isActive(server, app, String(tokens.access_token))).toBe(false)
  }

  it('a refresh beside a revocation leaves nothing alive (RFC 7009 §2.1)', async () => {
    for (const _ of rounds) {
      const { tokens } = await signIn(server, app, user)
      const token = String(tokens.refresh_token)
      const [renewed, revoked] = await Promise.all([
        refresh(server, app, token),
        post(server, '/oauth/revoke', { token }, app),
      ])
      expect(revoked.status).toBe(200)
      await expectDead(tokens)
      if (renewed.status === 200) await expectDead(renewed.body)
    }
  })

  it('a code redeemed beside a logout leaves nothing of the session alive', async () => {
    for (const _ of rounds) {
      const agent = createAgent()
      const { tokens } = await signIn(server, app, user, { agent })
      const authorized = await authorize(server, app, user, { agent, parameters: { scope: 'openid' } })
      const [late] = await Promise.all([
        exchange(server, app, authorized),
        agent.open(`${server.issuer}/oauth/logout?id_token_hint=${tokens.id_token}`),
      ])
      if (late.status === 200) await expectDead(late.body)
      else expect([late.status, late.body.error]).toEqual([400, 'invalid_grant'])
    }
  })

  it('a refresh beside the disabling of its user leaves nothing alive', async () => {
    const person = await server.createUser()
    const { tokens } = await signIn(server, app, person)
    const disabling = server.json(['users', 'disable', person.email])
    let token = String(tokens.refresh_token)
    const seen: Readonly<Record<string, unknown>>[] = []
    for (let answer = await refresh(server, app, token); answer.status === 200; ) {
      seen.push(answer.body)
      token = String(answer.body.refresh_token)
      answer = await refresh(server, app, token)
    }
    await disabling
    for (const tokensSeen of seen.slice(-3)) await expectDead(tokensSeen)
    await expectDead(tokens)
  })

  it('twenty sign-ins at once in one browser make one person, no error', async () => {
    const agent = createAgent()
    const page = await agent.open(`${server.issuer}/login`)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => agent.submit(page, { email: user.email, password: user.password })),
    )
    for (const { status } of answers) expect(status).toBeLessThan(500)
    expect((await agent.open(`${server.issuer}/account`)).text).toContain(user.email)
  })
})
