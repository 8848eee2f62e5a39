import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import { type Example, startExample } from '../support/example.ts'
import { walk } from '../support/flow.ts'
import { repositoryRoot, run } from '../support/process.ts'

const begin = async (env: Readonly<Record<string, string>> = {}): Promise<[Example, string]> => {
  const example = await startExample('social-login', ['PORT', 'APP_PORT'], env)
  onTestFinished(async () => void (await example.stop()))
  return [example, example.found(/The app is ready at (\S+)/)]
}

/** From the app to Doorward, and back to the app. */
const signIn = async (agent: Agent, app: string, example: Example): Promise<Page> => {
  const there = agent.location(await agent.request(`${app}/login`)) ?? ''
  const back = agent.location(await walk(agent, await agent.open(there), example)) ?? ''
  expect(back).toContain(`${app}/login/authorized?`)
  return agent.open(back)
}

describe('npm run example social-login', () => {
  it('signs in with the Doorward beside it at /login, and out at /logout', async () => {
    const [example, app] = await begin()
    const agent = createAgent()
    expect((await agent.open(app)).text).toContain(
      '<a class="button" href="/login">Sign in with Doorward</a>',
    )
    const home = await signIn(agent, app, example)
    expect([new URL(home.url).pathname, home.status]).toEqual(['/', 200])
    expect(home.text).toContain('<h1>Signed in as social@example.com</h1>')

    const leaving = agent.location(await agent.submit(home, {})) ?? ''
    expect(leaving).toContain(`${example.found(/Doorward is ready at (\S+)/)}/oauth/logout?`)
    const left = await agent.open(leaving)
    expect(agent.location(left)).toBe(`${app}/`)
    expect((await agent.open(app)).text).toContain('You are not signed in')
    // Whoever comes again is asked for the password.
    const again = await agent.open(agent.location(await agent.request(`${app}/login`)) ?? '')
    expect(again.text).toContain('name="password"')
    expect(await example.stop()).toBe(0)
    await expect(fetch(app)).rejects.toThrow()
  })

  it('starts again on the same folder: who was signed in still is, and others can sign in', async () => {
    const DOORWARD_DATA = await mkdtemp(join(tmpdir(), 'doorward-example-'))
    onTestFinished(() => rm(DOORWARD_DATA, { recursive: true, force: true }))
    const [first, app] = await begin({ DOORWARD_DATA })
    const agent = createAgent()
    await signIn(agent, app, first)
    await first.stop()
    const PORT = new URL(first.found(/Doorward is ready at (\S+)/)).port
    const [again] = await begin({ DOORWARD_DATA, PORT, APP_PORT: new URL(app).port })
    expect((await agent.open(app)).text).toContain('Signed in as social@example.com')
    expect((await signIn(createAgent(), app, again)).text).toContain('Signed in as social@example.com')
    const left = await agent.submit(await agent.open(app), {})
    expect(left.status).toBe(303)
    expect((await agent.open(app)).text).toContain('You are not signed in')
  })

  it('has no inline script or style, and a policy that would stop them', async () => {
    const [, app] = await begin()
    const { headers, text } = await createAgent().open(app)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/)
    expect(text).not.toMatch(/<script|<style|style=/)
    expect((await fetch(`${app}/style.css`)).headers.get('content-type')).toContain('text/css')
  })

  it('goes to GitHub where its id is in the environment, and starts no Doorward', async () => {
    const [example, app] = await begin({ GITHUB_CLIENT_ID: 'octo', GITHUB_CLIENT_SECRET: 'cat' })
    expect(example.output()).not.toContain('Doorward is ready')
    expect(example.output()).toContain(`${app}/login/authorized`)
    const agent = createAgent()
    expect((await agent.open(app)).text).toContain('<a class="button" href="/login">Sign in with GitHub</a>')
    const there = new URL(agent.location(await agent.request(`${app}/login`)) ?? '')
    expect(there.origin + there.pathname).toBe('https://github.com/login/oauth/authorize')
    expect(Object.fromEntries(there.searchParams)).toMatchObject({
      client_id: 'octo',
      redirect_uri: `${app}/login/authorized`,
    })
  })

  it.each([
    ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
    ['GITHUB_CLIENT_SECRET', 'GITHUB_CLIENT_ID'],
  ])('says in one line that %s without %s is not enough', async (there, missing) => {
    const args = ['--conditions=@doorward/source', 'scripts/example.ts', 'social-login']
    const ended = await run(process.execPath, args, { cwd: repositoryRoot, env: { [there]: 'octo' } })
    const stderr = `${there} is set, and ${missing} is not: set both, or neither.\n`
    expect(ended).toEqual({ code: 1, stdout: '', stderr })
  })

  it('offers Google and GitHub where it has the ids of both', async () => {
    const google = { GOOGLE_CLIENT_ID: 'goo', GOOGLE_CLIENT_SECRET: 'gle' }
    const [example, app] = await begin({ ...google, GITHUB_CLIENT_ID: 'octo', GITHUB_CLIENT_SECRET: 'cat' })
    for (const id of ['google', 'github']) expect(example.output()).toContain(`${app}/login/${id}/callback`)
    const agent = createAgent()
    const choice = await agent.open(`${app}/login`)
    expect(choice.text).toContain('<a class="button" href="/login/google">Sign in with Google</a>')
    expect(choice.text).toContain('<a class="button" href="/login/github">Sign in with GitHub</a>')
    const there = new URL(agent.location(await agent.request(`${app}/login/github`)) ?? '')
    expect(there.searchParams.get('redirect_uri')).toBe(`${app}/login/github/callback`)
  })
})
