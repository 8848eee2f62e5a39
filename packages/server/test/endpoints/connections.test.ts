import { github, oidc } from '@doorward/client/providers'
import { describe, expect, it } from 'vitest'
import type { User } from '../../src/storage/records.ts'
import { anIdentity } from '../storage/contract/samples.ts'
import { type Agent, buttonsOf, formOf, locationOf, type Page } from './support/agent.ts'
import { addUser, signIn } from './support/flow.ts'
import { ISSUER, startServer, type TestServer } from './support/server.ts'

const PATH = `${ISSUER}/account/connections`
const AGAIN = `${ISSUER}/login?then=connections`
const providers = [
  github({ clientId: 'c', clientSecret: 's' }),
  oidc({ id: 'acme', name: 'Acme', issuer: 'https://acme.example', clientId: 'c' }),
]

async function signedIn() {
  const server = await startServer({ providers })
  const userId = await addUser(server)
  const agent = server.agent()
  await signIn(agent, await agent.open(`${ISSUER}/login`))
  return { server, agent, userId }
}

/** Links an account of a provider, as a sign-in there would. */
async function link({ deps }: TestServer, userId: string, own: { authority: string; provider: string }) {
  const user = await deps.storage.users.findById(userId)
  if (user === null) throw new Error('nobody there')
  const identity = anIdentity(userId, { ...own, createdAt: deps.clock(), lastUsedAt: deps.clock() })
  const { generation } = (await deps.storage.users.findForSignIn(user.email)) ?? { generation: 0 }
  const verified: User = { ...user, emailVerified: true }
  if (!(await deps.storage.identities.insertForOwner(identity, { user: verified, generation }))) {
    throw new Error('not linked')
  }
  return identity
}

const ofGithub = { authority: 'https://github.com', provider: 'github' }
const ofAcme = { authority: 'https://acme.example', provider: 'acme' }

/** An account with a password and these providers, signed in by the password. */
async function connectedWith(own: readonly (typeof ofGithub)[]) {
  const server = await startServer({ providers })
  const { id } = await server.users.create({ email: 'ada@example.com', emailVerified: true })
  await server.users.setPassword(id, 'correct horse battery staple')
  const agent = server.agent()
  await signIn(agent, await agent.open(`${ISSUER}/login`))
  const identities = []
  for (const one of own) identities.push(await link(server, id, one))
  return { server, agent, userId: id, identities }
}

/** Posts without following, with the page's own hidden fields and these. */
const post = (agent: Agent, page: Page, fields: Record<string, string>) => {
  const { action, hidden } = formOf(page)
  return agent.request(action, { form: { ...hidden, ...fields } })
}

describe('/account/connections', () => {
  it('needs somebody who is signed in, and comes back', async () => {
    const { server, agent } = await signedIn()
    expect(locationOf(await server.agent().request(PATH))).toBe(AGAIN)
    const back = await signIn(agent, await agent.open(AGAIN))
    expect(back.url).toBe(PATH)
  })

  it('says how the person signs in, and offers what is not connected', async () => {
    const { agent } = await signedIn()
    const page = await agent.open(PATH)
    expect(page.text).toContain('Nothing is connected.')
    expect(buttonsOf(page, 'connect')).toEqual(['github', 'acme'])
    const account = await agent.open(`${ISSUER}/account`)
    expect(account.text).toContain('href="/account/connections"')
  })

  it('is not spoken of where there are no providers', async () => {
    const server = await startServer()
    await addUser(server)
    const agent = server.agent()
    const account = await signIn(agent, await agent.open(`${ISSUER}/login`))
    expect(account.text).not.toContain('Ways to sign in')
    expect((await agent.open(PATH)).text).toContain('No other way to sign in is offered here')
  })

  it('connects by way of the provider', async () => {
    const { agent } = await signedIn()
    const away = await post(agent, await agent.open(PATH), { connect: 'github' })
    expect(away.status).toBe(200)
    // Not a redirect: a provider may lead on to hosts that form-action of no page of ours names.
    expect(locationOf(away)).toBeNull()
    expect(away.text).toMatch(
      /http-equiv="refresh" content="0; url=https:\/\/github\.com\/login\/oauth\/authorize\?/,
    )
    expect(away.text).toMatch(/<a [^>]*href="https:\/\/github\.com\/login\/oauth\/authorize\?/)
    expect(away.headers.getSetCookie()).toHaveLength(1)
  })

  it('asks for a fresh sign-in after five minutes, and does nothing before', async () => {
    const { server, agent, identities } = await connectedWith([ofGithub, ofAcme])
    const [{ id } = { id: '' }] = identities
    server.wait(300)
    const page = await agent.open(`${PATH}?disconnect=${id}`)
    expect(page.text).toContain('Disconnect GitHub?')
    server.wait(1)
    for (const fields of [{ connect: 'github' }, { disconnect: id }]) {
      expect(locationOf(await post(agent, page, fields))).toBe(AGAIN)
    }
    expect(locationOf(await agent.request(`${PATH}?disconnect=${id}`))).toBe(AGAIN)
    expect(server.story()).not.toContain('identity.unlinked')
    expect((await agent.open(PATH)).status).toBe(200)
  })

  it('disconnects what is not offered any more, and says so without a name from the address', async () => {
    const { agent, identities } = await connectedWith([
      { authority: 'https://gone.example', provider: 'gone' },
    ])
    const asked = await agent.open(`${PATH}?disconnect=${identities[0]?.id}`)
    expect(asked.text).toContain('since it is not offered here')
    expect((await agent.submit(asked, { disconnect: identities[0]?.id ?? '' })).text).toContain(
      'The account is disconnected',
    )
    for (const forged of ['linked.gone', 'last.gone', 'disconnected.Your+bank']) {
      expect((await agent.open(`${PATH}?dw_notice=${forged}`)).text).not.toMatch(/gone|Your bank/)
    }
    expect((await agent.open(`${ISSUER}/login?dw_notice=denied.gone`)).text).not.toContain(
      'not signed in with',
    )
  })

  it('changes nothing by a page that was made for another account of this browser', async () => {
    const { server, agent, identities, userId } = await connectedWith([ofGithub, ofAcme])
    const [{ id } = { id: '' }] = identities
    const page = await agent.open(PATH)
    for (const fields of [{ connect: 'github' }, { disconnect: id }]) {
      const answer = await post(agent, page, { ...fields, account: 'another' })
      expect([answer.status, answer.text.includes('Nothing was done')]).toEqual([400, true])
    }
    expect(await server.deps.storage.identities.ofUser(userId)).toHaveLength(2)
  })

  it('says before it disconnects what goes and what stays, then does it, once', async () => {
    const { server, agent, identities, userId } = await connectedWith([ofGithub, ofAcme])
    const [{ id } = { id: '' }] = identities
    const asked = await agent.open(`${PATH}?disconnect=${id}`)
    expect(asked.text).toContain('You will not be able to sign in to <bdi>ada@example.com</bdi>')
    expect(asked.text).toMatch(/Password[\s\S]*Acme \(ada@example\.com\)/)
    const done = await agent.submit(asked, { disconnect: id })
    expect(done.text).toContain('GitHub is disconnected')
    expect(buttonsOf(done, 'connect')).toEqual(['github'])
    // Back, and sent again: what was asked for is so.
    expect(locationOf(await post(agent, asked, { disconnect: id }))).toBe(PATH)
    expect(await server.deps.storage.identities.ofUser(userId)).toHaveLength(1)
    expect(server.events.at(-1)).toMatchObject({ event: 'identity.unlinked', provider: 'github', userId })
  })
})
