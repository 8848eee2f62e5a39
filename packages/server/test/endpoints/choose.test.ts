import { describe, expect, it } from 'vitest'
import { type Agent, buttonsOf, formOf, locationOf } from './support/agent.ts'
import { addUser, signIn } from './support/flow.ts'
import { ISSUER, startServer } from './support/server.ts'

async function two() {
  const server = await startServer()
  const agent = server.agent()
  for (const email of ['ada@example.com', 'bob@example.com']) {
    await addUser(server, email)
    await signIn(agent, await agent.open(`${ISSUER}/login`), email)
  }
  return { server, agent }
}

const choosing = (agent: Agent) => agent.open(`${ISSUER}/login/choose`)

describe('/login/choose', () => {
  it('on its own makes another account the active one', async () => {
    const { agent } = await two()
    const page = await choosing(agent)
    const [active = '', second = ''] = buttonsOf(page, 'account')
    const account = await agent.submit(page, { account: second })
    expect(new URL(account.url).pathname).toBe('/account')
    expect(buttonsOf(account, 'sign_out')).toEqual([second, active])
  })

  it('leads to sign-in for another, and where nobody is signed in', async () => {
    const { server, agent } = await two()
    const other = await agent.submit(await choosing(agent), { account: 'other' })
    expect(new URL(other.url).pathname).toBe('/login')
    expect(locationOf(await server.agent().request('/login/choose'))).toBe(`${ISSUER}/login`)
  })

  it.each([
    ['a session that is not in this browser', { account: 'someone' }],
    ['nothing', {}],
    ['a form of another browser', { account: 'other', csrf: 'x' }],
  ])('shows the page again with 400 for %s', async (_, fields) => {
    const { agent } = await two()
    const { action, hidden } = formOf(await choosing(agent))
    const page = await agent.request(action, { form: { ...hidden, ...fields } })
    expect(page.status).toBe(400)
    expect(buttonsOf(page, 'account')).toHaveLength(3)
  })
})
