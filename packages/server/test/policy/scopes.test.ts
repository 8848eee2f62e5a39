import { describe, expect, it } from 'vitest'
import { scopeCatalog } from '../../src/policy/resources.ts'
import { clientScopes, decideScopes, requestedScopes, type ScopeQuestion } from '../../src/policy/scopes.ts'
import type { Resource } from '../../src/storage/records.ts'

const issuer = 'https://id.example'
const orders = 'https://orders.example'
const stock = 'https://stock.example'

const resource = (uri: string, ...scopes: readonly string[]): Resource => ({
  uri,
  scopes,
  name: null,
  claims: [],
  accessTokenLifetime: null,
  signingAlg: null,
  createdAt: 1,
})

const catalog = scopeCatalog(
  [resource(orders, 'orders:read', 'orders:write', 'shared'), resource(stock, 'stock:read', 'shared')],
  { issuer, providers: [{ id: 'google' }] },
)
const all = [
  'openid',
  'profile',
  'offline_access',
  'orders:read',
  'orders:write',
  'stock:read',
  'shared',
  'plain',
]

const decide = (question: Partial<ScopeQuestion>): readonly string[] =>
  decideScopes({ requested: [], allowed: all, audiences: [orders], catalog, for: 'user', ...question })

describe('scopes', () => {
  it.each([
    [
      'at a resource: those it knows, and those about the person',
      { requested: all },
      ['openid', 'profile', 'offline_access', 'orders:read', 'orders:write', 'shared'],
    ],
    [
      'at the issuer: those no resource knows',
      { requested: all, audiences: [issuer] },
      ['openid', 'profile', 'offline_access', 'plain'],
    ],
    [
      'at two audiences: those of either',
      { requested: all, audiences: [stock, issuer] },
      ['openid', 'profile', 'offline_access', 'stock:read', 'shared', 'plain'],
    ],
    [
      'for a client itself: nothing about a person',
      { requested: all, for: 'client' as const },
      ['orders:read', 'orders:write', 'shared'],
    ],
    [
      'a client itself never has somebody’s account elsewhere',
      {
        requested: ['connections:google', 'plain'],
        allowed: ['connections:google', 'plain'],
        audiences: [issuer],
        for: 'client' as const,
      },
      ['plain'],
    ],
    [
      'a connection is known where its provider is configured',
      {
        requested: ['connections:google', 'connections:github', 'plain'],
        allowed: ['connections:google', 'connections:github', 'plain'],
        audiences: [issuer],
      },
      ['connections:google', 'plain'],
    ],
    ['unknown ones are left out', { requested: ['orders:read', 'nonsense'] }, ['orders:read']],
    [
      'so are those the client may not have',
      { requested: ['orders:read', 'orders:write'], allowed: ['orders:read'] },
      ['orders:read'],
    ],
    ['in the order asked', { requested: ['shared', 'orders:read'] }, ['shared', 'orders:read']],
    [
      'nothing named is all that is allowed',
      { allowed: ['openid', 'orders:read'] },
      ['openid', 'orders:read'],
    ],
    ['which may be nothing', { allowed: ['stock:read'] }, []],
  ])('%s, RFC 6749 §3.3', (_rule, question, expected) => {
    expect(decide(question)).toEqual(expected)
  })

  it.each([
    ['nothing is known there', { requested: ['stock:read', 'plain'] }],
    ['nothing is allowed', { requested: ['orders:read'], allowed: [] }],
    ['a client asks for what only people have', { requested: ['openid'], for: 'client' as const }],
  ])('are invalid_scope where %s', (_rule, question) => {
    expect(() => decide(question)).toThrow(expect.objectContaining({ code: 'invalid_scope' }))
  })

  it('of a client hold offline_access only beside the refresh_token grant', () => {
    const scopes = ['openid', 'offline_access']
    expect(clientScopes({ scopes, grantTypes: ['authorization_code', 'refresh_token'] })).toEqual(scopes)
    expect(clientScopes({ scopes, grantTypes: ['authorization_code'] })).toEqual(['openid'])
  })

  it('that nobody named never hold offline_access, OpenID Connect Core §11', () => {
    const client = { scopes: ['openid', 'offline_access'], grantTypes: ['refresh_token'] as const }
    expect(requestedScopes([], client)).toEqual(['openid'])
    expect(requestedScopes(['offline_access'], client)).toEqual(['offline_access'])
  })
})
