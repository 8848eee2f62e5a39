import { describe, expect, it } from 'vitest'
import { addClient, addUser, authorizeUrl, signIn } from '../endpoints/support/flow.ts'
import { CALLBACK, startServer } from '../endpoints/support/server.ts'

const hints = { id_token_hint: 'not-a-token' }

/** Requests that end on an error page, by address and parameters; `ID` stands for a registered app. */
const REFUSED: readonly [reason: string, path: string, parameters: Record<string, string>][] = [
  ['client_id_malformed', '/oauth/authorize', { client_id: 'ä' }],
  ['client_unknown', '/oauth/authorize', { client_id: 'nobody' }],
  ['redirect_uri_mismatch', '/oauth/authorize', { client_id: 'ID', redirect_uri: 'https://evil.example' }],
  ['kept_request_gone', '/oauth/authorize', { dw_kept: 'gone' }],
  [
    'response_type_unsupported',
    '/login',
    { client_id: 'ID', redirect_uri: CALLBACK, response_type: 'token' },
  ],
  ['client_unknown', '/consent', { client_id: 'nobody' }],
  ['client_unknown', '/login/choose', { client_id: 'nobody' }],
  ['hint_invalid', '/oauth/logout', hints],
  ['client_unknown', '/oauth/logout', { client_id: 'nobody' }],
  ['logout_client_missing', '/oauth/logout', { post_logout_redirect_uri: 'https://app.example.com/bye' }],
  [
    'logout_uri_mismatch',
    '/oauth/logout',
    { client_id: 'ID', post_logout_redirect_uri: 'https://evil.example' },
  ],
]

/** What a person reads of a page, and what is folded away for developers. */
function partsOf(text: string): readonly [people: string, developers: string] {
  const [people = '', developers = ''] = (text.split('<main')[1] ?? '').split('<details')
  return [people, developers]
}

describe('error pages', () => {
  it.each(REFUSED)(
    '%s at %s speaks of an app to people, and names its cause to developers',
    async (...row) => {
      const [reason, path, parameters] = row
      const server = await startServer()
      const id = await addClient(server)
      const query = new URLSearchParams(parameters)
      if (query.get('client_id') === 'ID') query.set('client_id', id)
      const page = await server.agent().request(`${path}?${query}`, { headers: { accept: 'text/html' } })
      const [people, developers] = partsOf(page.text)
      expect(page.status).toBe(400)
      expect(developers).toContain(`<code>${reason}</code>`)
      expect(people).toContain('class="lead"')
      expect(people).not.toMatch(/\bclient\b/i)
    },
  )

  it.each([
    ['scope_empty', { scope: 'unheard' }],
    ['hint_invalid', hints],
  ])('%s at /consent, opened out of turn, speaks of an app too', async (reason, more) => {
    const server = await startServer()
    await addUser(server)
    const agent = server.agent()
    await signIn(agent, await agent.open('/login'))
    const { search } = new URL(authorizeUrl(await addClient(server), more))
    const [people, developers] = partsOf((await agent.request(`/consent${search}`)).text)
    expect(developers).toContain(`<code>${reason}</code>`)
    expect(people).not.toMatch(/\bclient\b/i)
  })

  it('grant_not_registered speaks of an app too', async () => {
    const server = await startServer()
    const service = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [CALLBACK] }
    const id = await addClient(server, { ...service, token_endpoint_auth_method: 'client_secret_basic' })
    const { search } = new URL(authorizeUrl(id))
    const [people, developers] = partsOf((await server.agent().request(`/login${search}`)).text)
    expect(developers).toContain('<code>grant_not_registered</code>')
    expect(people).not.toMatch(/\bclient\b/i)
  })
})
