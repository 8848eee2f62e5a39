import { describe, expect, it } from 'vitest'
import { ClientError } from '../../src/errors.ts'
import { rememberMetadata } from '../../src/exchange/metadata.ts'
import { oauth2, oidc, type Provider } from '../../src/providers/index.ts'

const ISSUER = 'https://id.example.com'
const document = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/jwks`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  authorization_response_iss_parameter_supported: true,
}
const generic = oidc({ issuer: ISSUER, clientId: 'a', clientSecret: 'b' })

/** A provider whose document the test can change, and a clock that it moves. */
const remember = (provider: Provider = generic) => {
  const world = { now: 0, asked: [] as string[], body: document as unknown, down: false }
  const fetch = async (url: string | URL) => {
    world.asked.push(String(url))
    if (world.down) throw new ClientError('provider_unreachable')
    return Response.json(world.body)
  }
  return { world, metadata: rememberMetadata(provider, fetch, () => world.now) }
}

describe('discovery', () => {
  it('is at the well-known address of the issuer, OpenID Connect Discovery §4', async () => {
    const { world, metadata } = remember()
    expect(await metadata()).toEqual({
      issuer: ISSUER,
      authorization: `${ISSUER}/authorize`,
      token: `${ISSUER}/token`,
      userinfo: `${ISSUER}/userinfo`,
      jwks: `${ISSUER}/jwks`,
      revocation: null,
      endSession: null,
      namesIssuer: true,
    })
    expect(world.asked).toEqual([`${ISSUER}/.well-known/openid-configuration`])
    const tenant = remember(oidc({ issuer: `${ISSUER}/tenant/`, clientId: 'a', clientSecret: 'b' }))
    await tenant.metadata().catch(() => undefined)
    expect(tenant.world.asked).toEqual([`${ISSUER}/tenant/.well-known/openid-configuration`])
  })

  it('is asked once by all who need it at once, and again after an hour', async () => {
    const { world, metadata } = remember()
    await Promise.all([metadata(), metadata(), metadata()])
    world.now = 3599
    await metadata()
    expect(world.asked).toHaveLength(1)
    world.now = 3600
    await metadata()
    expect(world.asked).toHaveLength(2)
  })

  it('is used for longer while the provider is down, and asked for every half minute', async () => {
    const { world, metadata } = remember()
    await metadata()
    Object.assign(world, { now: 4000, down: true })
    expect((await metadata()).token).toBe(`${ISSUER}/token`)
    world.now = 4029
    await metadata()
    expect(world.asked).toHaveLength(2)
    Object.assign(world, { now: 4030, down: false, body: { ...document, token_endpoint: `${ISSUER}/new` } })
    expect((await metadata()).token).toBe(`${ISSUER}/new`)
  })

  it('that fails is not remembered', async () => {
    const { world, metadata } = remember()
    world.down = true
    await expect(metadata()).rejects.toMatchObject({ code: 'provider_unreachable', provider: 'oidc' })
    world.down = false
    expect((await metadata()).issuer).toBe(ISSUER)
  })

  it.each([
    ['another issuer (§4.3)', { issuer: 'https://evil.example' }, 'discovery_issuer_mismatch'],
    ['the issuer with a slash more', { issuer: `${ISSUER}/` }, 'discovery_issuer_mismatch'],
    ['no issuer', { issuer: undefined }, 'discovery_issuer_mismatch'],
    ['no token endpoint', { token_endpoint: undefined }, 'discovery_incomplete'],
    [
      'an authorization endpoint that is a script',
      { authorization_endpoint: 'javascript:alert(1)' },
      'discovery_incomplete',
    ],
    ['no key set', { jwks_uri: undefined }, 'discovery_incomplete'],
    [
      'an authorization endpoint over http',
      { authorization_endpoint: 'http://id.example.com/authorize' },
      'discovery_incomplete',
    ],
  ])('with %s is refused', async (_title, changes, code) => {
    const { world, metadata } = remember()
    world.body = { ...document, ...changes }
    await expect(metadata()).rejects.toMatchObject({ code })
  })

  it.each([
    [ISSUER, 'http://id.example.com/logout', false],
    [ISSUER, 'http://localhost:4000/logout', false],
    [ISSUER, 'https://sso.example.com/logout', true],
    ['http://localhost:4000', 'http://127.0.0.1:5000/logout', true],
    ['http://localhost:4000', 'http://id.example.com/logout', false],
    ['http://10.0.0.5:8080', 'http://10.0.0.5:8081/logout', true],
    ['http://10.0.0.5:8080', 'http://10.0.0.6:8080/logout', false],
  ])('of %s with the sign-out address %s: used %s', async (issuer, address, used) => {
    const { world, metadata } = remember(oidc({ issuer, clientId: 'a', clientSecret: 'b' }))
    world.body = { ...document, issuer, end_session_endpoint: address }
    expect((await metadata()).endSession).toBe(used ? address : null)
  })

  it('gives way to the addresses of the options', async () => {
    const own = oidc({
      ...{ issuer: ISSUER, clientId: 'a', clientSecret: 'b' },
      endpoints: { authorization: `${ISSUER}/own`, token: `${ISSUER}/own-token` },
    })
    const { metadata } = remember(own)
    expect(await metadata()).toMatchObject({ authorization: `${ISSUER}/own`, jwks: `${ISSUER}/jwks` })
  })

  it('is not done where all addresses are known', async () => {
    const endpoints = { authorization: `${ISSUER}/a`, token: `${ISSUER}/t`, jwks: `${ISSUER}/j` }
    const whole = remember(oidc({ issuer: ISSUER, clientId: 'a', clientSecret: 'b', endpoints }))
    const plain = remember(
      oauth2({
        ...{ id: 'acme', name: 'Acme', scope: '', clientId: 'a', clientSecret: 'b', endpoints },
        profile: () => ({ subject: '1', email: null, emailVerified: false, name: null, picture: null }),
      }),
    )
    expect([(await whole.metadata()).jwks, (await plain.metadata()).issuer]).toEqual([`${ISSUER}/j`, null])
    expect([...whole.world.asked, ...plain.world.asked]).toEqual([])
  })

  it('of a template may name it, at the same host (issuerTemplate)', async () => {
    const many = { ...generic, issuer: `${ISSUER}/common/v2.0`, quirks: { issuerTemplate: true } as const }
    const { world, metadata } = remember(many)
    world.body = { ...document, issuer: `${ISSUER}/{tenantid}/v2.0` }
    expect((await metadata()).issuer).toBe(`${ISSUER}/{tenantid}/v2.0`)
    const other = remember(many)
    other.world.body = { ...document, issuer: 'https://evil.example/{tenantid}/v2.0' }
    await expect(other.metadata()).rejects.toMatchObject({ code: 'discovery_issuer_mismatch' })
  })
})
