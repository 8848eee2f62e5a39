import { describe, expect, it, onTestFinished } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import { startExample } from '../support/example.ts'
import { walk } from '../support/flow.ts'

describe('npm run example sso', () => {
  it('lets people in to the second app without a question, and signs out of both at once', async () => {
    const example = await startExample('sso', ['PORT', 'ORDERS_PORT', 'INVOICES_PORT'])
    onTestFinished(async () => void (await example.stop()))
    const orders = example.found(/Orders is ready at (\S+)/)
    const invoices = example.found(/Invoices is ready at (\S+)/)
    const enter = async (agent: Agent, app: string): Promise<Page> => {
      const first = await agent.open(agent.location(await agent.request(`${app}/login/doorward`)) ?? '')
      const back = first.status === 303 ? first : await walk(agent, first, example)
      return agent.open(agent.location(back) ?? '')
    }
    const text = async (agent: Agent, app: string) => (await agent.open(app)).text

    const [agent, other] = [createAgent(), createAgent()]
    expect((await enter(agent, orders)).text).toContain('Signed in as sso@example.com')
    expect(await text(agent, invoices)).toContain('You are not signed in')
    // From one app to the other: Doorward shows no page at all.
    const first = agent.location(await agent.request(`${invoices}/login/doorward`)) ?? ''
    expect(agent.location(await agent.open(first))).toContain(`${invoices}/login/doorward/callback?`)
    expect((await enter(agent, invoices)).text).toContain('Signed in as sso@example.com')
    await enter(other, invoices)

    const leaving = await agent.submit(await agent.open(orders), {})
    expect(agent.location(await agent.open(agent.location(leaving) ?? ''))).toBe(`${orders}/`)
    expect(await text(agent, orders)).toContain('You are not signed in')
    await expect.poll(() => text(agent, invoices)).toContain('You are not signed in')
    // Another browser of the same person is left alone.
    expect(await text(other, invoices)).toContain('Signed in as sso@example.com')
    expect(await example.stop()).toBe(0)
  })
})
