import { describe, expect, it } from 'vitest'
import { decideAudience, decideAudiences, scopeCatalog } from '../../src/policy/resources.ts'
import type { Resource } from '../../src/storage/records.ts'

const issuer = 'https://id.example'
const [orders, stock, gone] = ['https://orders.example', 'https://stock.example', 'https://gone.example']

const resource = (uri: string, ...scopes: readonly string[]): Resource => ({
  uri,
  scopes,
  name: null,
  claims: [],
  accessTokenLifetime: null,
  signingAlg: null,
  createdAt: 1,
})
const config = { issuer, providers: [{ id: 'google' }] }
const catalog = scopeCatalog([resource(orders, 'read'), resource(stock)], config)

describe('the audiences of an authorization', () => {
  it.each([
    ['those asked for', [stock, orders], null, [stock, orders]],
    ['each once', [stock, stock], null, [stock]],
    ["else the client's default resource", [], orders, [orders]],
    ['else the issuer', [], null, [issuer]],
    ['the issuer may be named', [issuer], orders, [issuer]],
  ])('are %s, RFC 8707 §2.1', (_rule, requested, defaultResource, expected) => {
    expect(decideAudiences(requested, defaultResource, catalog)).toEqual(expected)
  })

  it.each([
    ['one that is asked for', [orders, gone], null],
    ['the default', [], gone],
  ])('are invalid_target where %s is not registered', (_rule, requested, defaultResource) => {
    expect(() => decideAudiences(requested, defaultResource, catalog)).toThrow(
      expect.objectContaining({ code: 'invalid_target', reason: 'resource_unknown' }),
    )
  })
})

describe('the audience of a token', () => {
  it.each([
    ['the one named', stock, [orders, stock], stock],
    ['else the first granted', null, [orders, stock], orders],
  ])('is %s, RFC 8707 §2.2', (_rule, requested, granted, expected) => {
    expect(decideAudience(requested, granted, catalog)).toBe(expected)
  })

  it.each([
    ['it was not granted', stock, [orders], 'resource_not_granted'],
    ['the issuer was not granted', issuer, [orders], 'resource_not_granted'],
    ['it was deleted since', null, [gone], 'resource_unknown'],
  ])('is invalid_target where %s', (_rule, requested, granted, reason) => {
    expect(() => decideAudience(requested, granted, catalog)).toThrow(
      expect.objectContaining({ code: 'invalid_target', reason }),
    )
  })
})

describe('the catalog', () => {
  it('is made once for a list', () => {
    const list = [resource(orders)]
    expect(scopeCatalog(list, config)).toBe(scopeCatalog(list, config))
    expect(scopeCatalog(list, { ...config, issuer: 'https://other.example' }).issuer).toBe(
      'https://other.example',
    )
  })

  it('knows an issuer that is registered as a resource too', () => {
    const both = scopeCatalog([resource(issuer, 'own'), resource(orders, 'read')], config)
    expect(['own', 'plain', 'read'].map((scope) => both.knows(issuer, scope))).toEqual([true, true, false])
    expect(both.resource(issuer)?.uri).toBe(issuer)
    expect(catalog.resource(issuer)).toBeNull()
  })

  it('knows connections of configured providers, at the issuer alone, whatever a resource says', () => {
    const sly = scopeCatalog([resource(orders, 'connections:google')], config)
    expect(sly.knows(issuer, 'connections:google')).toBe(true)
    expect(sly.knows(orders, 'connections:google')).toBe(false)
    for (const scope of ['connections:github', 'connections:', 'connections:Google', 'connections:google:x'])
      expect(sly.knows(issuer, scope)).toBe(false)
  })
})
