import { describe, expect, it } from 'vitest'
import { ISSUER, startServer } from './support/server.ts'
import { basic, confidential, post, token } from './support/token.ts'

const grant = { grant_type: 'client_credentials' }

describe('the token endpoint, RFC 6749 §3.2', () => {
  it.each([
    ['no grant_type', {}, 'invalid_request', 'parameter_missing'],
    ['an unknown grant_type', { grant_type: 'password' }, 'unsupported_grant_type', 'grant_type_unsupported'],
    ['no code', { grant_type: 'authorization_code' }, 'invalid_request', 'parameter_missing'],
    ['an empty code', { grant_type: 'authorization_code', code: '' }, 'invalid_request', 'parameter_missing'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request', 'parameter_missing'],
  ])('answers 400 to %s, §5.2', async (_case, form, error, reason) => {
    const server = await startServer()
    const answer = await token(server, await confidential(server), form)
    expect(answer).toMatchObject({ status: 400, body: { error, reason } })
    expect(answer.body.error_description).toEqual(expect.any(String))
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(server.events.at(-1)).toMatchObject({ event: 'token.refused', error, reason })
  })

  it('refuses a parameter that comes twice, §3.2', async () => {
    const server = await startServer()
    const form = [
      ['grant_type', 'client_credentials'],
      ['scope', 'plain'],
      ['scope', 'plain'],
    ] as const
    expect(await token(server, await confidential(server), form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', reason: 'parameter_repeated' },
    })
  })

  it('refuses a grant that the client is not registered for, §5.2', async () => {
    const server = await startServer()
    const client = await confidential(server, { grant_types: ['client_credentials'], scope: 'plain' })
    const form = { grant_type: 'refresh_token', refresh_token: 'x'.repeat(43) }
    expect(await token(server, client, form)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client', reason: 'grant_not_registered' },
    })
  })

  it('answers 400 to another Content-Type and 413 to more than 64 KiB', async () => {
    const server = await startServer()
    const headers = basic(await confidential(server))
    const json = await post(server, '/oauth/token', grant, { ...headers, 'content-type': 'application/json' })
    expect(json).toMatchObject({ status: 400, body: { error: 'invalid_request', reason: 'content_type' } })
    const filled = { ...grant, filler: 'x'.repeat(65_536) }
    expect(await post(server, '/oauth/token', filled, headers)).toMatchObject({
      status: 413,
      body: { error: 'invalid_request', reason: 'body_too_large' },
    })
  })

  it('never reads parameters from the query, §2.3.1', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const path = `/oauth/token?${new URLSearchParams(grant)}`
    expect(await post(server, path, {}, basic(client))).toMatchObject({
      status: 400,
      body: { reason: 'parameter_missing' },
    })
  })

  it('says in errors nothing of what was sent', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const sent = 'dont-repeat-me'
    const forms = [
      { grant_type: sent },
      { grant_type: 'authorization_code', code: sent },
      { grant_type: 'refresh_token', refresh_token: sent },
      { ...grant, scope: sent },
      { ...grant, resource: `https://${sent}.example` },
      { [sent]: '1' },
    ]
    for (const form of forms) {
      const { status, body } = await token(server, client, form)
      expect(status).toBe(400)
      expect(JSON.stringify(body)).not.toContain(sent)
    }
    expect(JSON.stringify(server.events)).not.toContain(sent)
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('answers 405 to %s, with Allow', async (method) => {
    const server = await startServer()
    const request = new Request(`${ISSUER}/oauth/token`, { method })
    const response = await server.fetch(request, '')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})
