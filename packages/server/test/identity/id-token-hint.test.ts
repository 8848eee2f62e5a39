import { describe, expect, it } from 'vitest'
import { readIdTokenHint } from '../../src/identity/id-token-hint.ts'
import { answerOf, locationOf } from '../endpoints/support/agent.ts'
import { addClient, addUser, authorizeUrl, redeem, signIn } from '../endpoints/support/flow.ts'
import { ISSUER, startServer } from '../endpoints/support/server.ts'

async function withIdToken() {
  const server = await startServer()
  const userId = await addUser(server)
  const client = await addClient(server, { trusted: true })
  const agent = server.agent()
  const done = await signIn(agent, await agent.open(authorizeUrl(client)))
  const { tokens, claims } = await redeem(agent, client, answerOf(done).code ?? '')
  const forgetKeys = () => Object.assign(server.deps.keyring, { verificationKeys: () => [] })
  return { server, agent, userId, client, hint: tokens.id_token ?? '', sid: claims.sid, forgetKeys }
}

describe('readIdTokenHint, OpenID Connect Core §3.1.2.1', () => {
  it('reads whom, for which client and in which session, expired or not', async () => {
    const { server, userId, client, hint, sid } = await withIdToken()
    server.wait(86_400)
    expect(readIdTokenHint(hint, client, server.deps)).toEqual({ userId, clientId: client, sid })
    expect(readIdTokenHint(hint, null, server.deps)).toMatchObject({ clientId: client })
  })

  it('refuses one of another client', async () => {
    const { server, hint } = await withIdToken()
    expect(() => readIdTokenHint(hint, 'another', server.deps)).toThrow(/invalid_request/)
  })

  it('cannot tell where the key is gone', async () => {
    const { server, client, hint, forgetKeys } = await withIdToken()
    forgetKeys()
    expect(readIdTokenHint(hint, client, server.deps)).toBeNull()
  })
})

describe('a hint whose key is gone', () => {
  it('is login_required under prompt=none, and left aside otherwise', async () => {
    const { agent, client, hint, forgetKeys } = await withIdToken()
    forgetKeys()
    const silent = authorizeUrl(client, { id_token_hint: hint, prompt: 'none' })
    expect(answerOf(await agent.request(silent))).toMatchObject({ error: 'login_required' })
    expect(answerOf(await agent.request(authorizeUrl(client, { id_token_hint: hint }))).code).toBeDefined()
  })

  it('proves nothing at logout: the person is asked, and client_id has to name the app', async () => {
    const { agent, client, hint, forgetKeys } = await withIdToken()
    forgetKeys()
    const uri = 'post_logout_redirect_uri=https://app.example.com/bye'
    const logout = `${ISSUER}/oauth/logout?id_token_hint=${hint}&${uri}`
    expect((await agent.request(logout)).status).toBe(400)
    const asking = await agent.request(`${logout}&client_id=${client}`)
    expect(asking.status).toBe(200)
    expect(locationOf(await agent.submit(asking, { decision: 'logout' }))).toBe('https://app.example.com/bye')
  })
})
