import { parseClientMetadata } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { decideGrantable } from '../../src/policy/grantable.ts'
import { scopeCatalog } from '../../src/policy/resources.ts'

const ISSUER = 'https://id.example.com'
const ORDERS = 'https://orders.example.com'
const STOCK = 'https://stock.example.com'

const api = (uri: string, scopes: readonly string[], claims: readonly string[] = []) => ({
  uri,
  scopes,
  name: null,
  claims,
  accessTokenLifetime: null,
  signingAlg: null,
  createdAt: 0,
})
const catalog = scopeCatalog([api(ORDERS, ['read', 'write']), api(STOCK, ['read'], ['email', 'name'])], {
  issuer: ISSUER,
  providers: [{ id: 'google' }],
})

function decide(
  asked: { scopes?: string[]; resources?: string[]; claims?: string[]; consent?: 'by-page' | 'unasked' },
  metadata: object = {},
) {
  const client = parseClientMetadata({
    redirect_uris: ['https://app.example.com/cb'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid email offline_access read write plain connections:google',
    ...metadata,
  })
  const claims = { userinfo: asked.claims ?? [], idToken: [] }
  return decideGrantable(
    { scopes: asked.scopes ?? [], resources: asked.resources ?? [], claims },
    client,
    catalog,
    asked.consent ?? 'by-page',
  )
}

describe('decideGrantable', () => {
  it('gives a connection to those who ask for it by name, at the issuer, where a page can ask the person', () => {
    const scopes = ['openid', 'connections:google']
    const grantable = decide({ scopes })
    expect(grantable.scopes).toEqual(scopes)
    expect(grantable.items).toContainEqual({ resource: ISSUER, scope: 'connections:google' })
    expect(decide({}).scopes).not.toContain('connections:google')
    expect(decide({ scopes, resources: [ORDERS] }).scopes).toEqual(['openid'])
    expect(decide({ scopes, consent: 'unasked' }).scopes).toEqual(['openid'])
    expect(decide({ scopes }, { scope: 'openid' }).scopes).toEqual(['openid'])
  })

  it('asks consent for each scope at each API that knows it, RFC 8707 §2', () => {
    const grantable = decide({ scopes: ['openid', 'read', 'write'], resources: [ORDERS, STOCK] })
    expect(grantable.audiences).toEqual([ORDERS, STOCK])
    expect(grantable.items).toEqual([
      { resource: ISSUER, scope: 'openid' },
      { resource: ORDERS, scope: 'read' },
      { resource: STOCK, scope: 'read' },
      { resource: ORDERS, scope: 'write' },
      { resource: ORDERS, scope: '' },
      { resource: STOCK, scope: '' },
      { resource: ISSUER, scope: 'claims:name' },
      { resource: ISSUER, scope: 'claims:email' },
    ])
  })

  it('asks consent for an API of which no scope is asked, and for the claims its tokens carry', () => {
    const grantable = decide({ scopes: ['openid', 'email'], resources: [STOCK] })
    expect(grantable.items).toContainEqual({ resource: STOCK, scope: '' })
    expect(grantable.claims).toEqual(['name'])
    expect(decide({ scopes: ['openid'] }).items).toEqual([{ resource: ISSUER, scope: 'openid' }])
  })

  it('takes plain scopes as the issuer’s', () => {
    expect(decide({ scopes: ['plain'] }).items).toEqual([{ resource: ISSUER, scope: 'plain' }])
  })

  it('gives offline_access to those who can refresh, and to nobody who did not ask, OpenID Connect Core §11', () => {
    expect(decide({ scopes: ['openid', 'offline_access'] }).offline).toBe(true)
    expect(decide({}).offline).toBe(false)
    const once = decide({ scopes: ['openid', 'offline_access'] }, { grant_types: ['authorization_code'] })
    expect(once).toMatchObject({ offline: false, scopes: ['openid'] })
  })

  it('asks consent for single claims, with openid only, OpenID Connect Core §5.5', () => {
    const asked = { claims: ['birthdate'] }
    expect(decide({ ...asked, scopes: ['openid'] }).items).toContainEqual({
      resource: ISSUER,
      scope: 'claims:birthdate',
    })
    expect(decide({ ...asked, scopes: ['plain'] }).claims).toEqual([])
  })

  it('refuses an unknown resource and a request with no scope left', () => {
    expect(() => decide({ scopes: ['openid'], resources: ['https://nobody.example.com'] })).toThrow(
      /invalid_target/,
    )
    expect(() => decide({ scopes: ['unheard'] })).toThrow(/invalid_scope/)
  })
})
