import { parseClientMetadata, parsePrompt } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { claimsBeyondScopes, consentItems, consentNeeded } from '../../src/policy/consent-needed.ts'

const ISSUER = 'https://id.example.com'

function client(more: object = {}) {
  return { metadata: parseClientMetadata({ redirect_uris: ['https://app.example.com/cb'], ...more }) }
}

function needed(given: {
  prompt?: string
  done?: 'consent'
  remembered?: string[]
  client?: object
  asked?: string[]
}): boolean {
  const items = (scopes: readonly string[]) => scopes.map((scope) => ({ resource: ISSUER, scope }))
  return consentNeeded({
    client: client(given.client),
    prompt: parsePrompt(given.prompt ?? null),
    done: given.done === undefined ? [] : [given.done],
    asked: items(given.asked ?? ['openid', 'email']),
    remembered: items(given.remembered ?? []),
  })
}

describe('consentNeeded, OpenID Connect Core §3.1.2.4', () => {
  it.each([
    ['nothing was allowed before', {}, true],
    ['part was allowed before', { remembered: ['openid'] }, true],
    ['all was allowed before', { remembered: ['email', 'openid', 'profile'] }, false],
    ['it was allowed for this request', { done: 'consent' }, false],
    ['the client is trusted', { client: { trusted: true } }, false],
    ['the client is first party', { client: { first_party: true } }, false],
    [
      'prompt=consent and all was allowed before',
      { prompt: 'consent', remembered: ['openid', 'email'] },
      true,
    ],
    ['prompt=consent and the client is trusted', { prompt: 'consent', client: { trusted: true } }, true],
    ['prompt=consent, and it was allowed for this request', { prompt: 'consent', done: 'consent' }, false],
  ] as const)('%s', (_, given, expected) => {
    expect(needed({ ...given, remembered: 'remembered' in given ? [...given.remembered] : [] })).toBe(
      expected,
    )
  })

  it.each([{ trusted: true }, { first_party: true }])(
    'asks about accounts elsewhere also for %j',
    (client) => {
      const asked = ['openid', 'connections:google']
      expect(needed({ client, asked })).toBe(true)
      expect(needed({ client, asked, remembered: ['openid', 'connections:github'] })).toBe(true)
      expect(needed({ client, asked, remembered: ['connections:google'] })).toBe(false)
    },
  )

  it('tells the same scope of two APIs apart', () => {
    const asked = [{ resource: 'https://b.example.com', scope: 'read' }]
    const remembered = [{ resource: 'https://a.example.com', scope: 'read' }]
    expect(consentNeeded({ client: client(), prompt: parsePrompt(null), done: [], asked, remembered })).toBe(
      true,
    )
  })
})

describe('claimsBeyondScopes, OpenID Connect Core §5.5', () => {
  it('names what the scopes do not give, and nothing that no account has', () => {
    const claims = {
      userinfo: ['email', 'phone_number', 'shoe_size'],
      idToken: ['birthdate', 'auth_time', 'acr', 'sub'],
    }
    expect(claimsBeyondScopes(claims, ['openid', 'email'])).toEqual(['birthdate', 'phone_number'])
    expect(claimsBeyondScopes(claims, ['openid', 'email', 'phone', 'profile'])).toEqual([])
  })

  it('is remembered beside the scopes, as the issuer’s', () => {
    expect(
      consentItems([{ resource: 'https://a.example.com', scope: 'read' }], ['birthdate'], ISSUER),
    ).toEqual([
      { resource: 'https://a.example.com', scope: 'read' },
      { resource: ISSUER, scope: 'claims:birthdate' },
    ])
  })
})
