import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, isActive, refresh, signIn } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

const fifty = Array.from({ length: 50 })

describe.each(databases)('refresh tokens shown at the same moment, on %s', (database) => {
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

  it('fifty parallel refreshes all answer 200 with one refresh token: nobody is signed out, no fork', async () => {
    const { tokens } = await signIn(server, app, user)
    const answers = await Promise.all(fifty.map(() => refresh(server, app, String(tokens.refresh_token))))
    expect(answers.map(({ status }) => status)).toEqual(fifty.map(() => 200))
    const next = new Set(answers.map(({ body }) => body.refresh_token))
    expect(next.size).toBe(1)
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(50)
    for (const { body } of answers) expect(await isActive(server, app, String(body.access_token))).toBe(true)
  })

  it('a late answer leads to the live end of the chain, not to a dead middle', async () => {
    const { tokens } = await signIn(server, app, user)
    const first = String(tokens.refresh_token)
    const second = String((await refresh(server, app, first)).body.refresh_token)
    const third = String((await refresh(server, app, second)).body.refresh_token)
    const late = await Promise.all([refresh(server, app, first), refresh(server, app, second)])
    expect(late.map(({ status, body }) => [status, body.refresh_token])).toEqual([
      [200, third],
      [200, third],
    ])
    expect((await refresh(server, app, third)).status).toBe(200)
  })

  it('answers the narrower of the two scopes within the grace window', async () => {
    const { tokens } = await signIn(server, app, user, {
      parameters: { scope: 'openid email offline_access' },
    })
    const token = String(tokens.refresh_token)
    const narrow = await refresh(server, app, token, { scope: 'openid' })
    expect(narrow.body.scope).toBe('openid')
    expect((await refresh(server, app, token)).body.scope).toBe('openid')
  })
})
