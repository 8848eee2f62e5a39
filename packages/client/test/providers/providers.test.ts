import { readdirSync, readFileSync } from 'node:fs'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import * as providers from '../../src/providers/index.ts'
import { appleOptions, applePublicKey, samples } from './samples.ts'

const folder = new URL('../../src/providers/', import.meta.url)
const machinery =
  /^(?:claims|define|index|oauth2|oidc|provider|apple-client-secret|apple-endpoints|.*-profile)\.ts$/
const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !machinery.test(name))
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const all = samples.map(({ provider }) => provider)
const byId = (id: string) => all.find((provider) => provider.id === id)
const source = { claims: {}, userinfo: {}, extra: null }

describe('every provider', () => {
  it('is one file of at most 25 lines, is exported and has a sample', () => {
    const lengths = files.map((name) => [name, read(name).trimEnd().split('\n').length])
    expect(lengths.filter(([, lines]) => Number(lines) > 25)).toEqual([])
    const names = files.map((name) => name.replace('.ts', '')).sort()
    expect(
      Object.keys(providers)
        .filter((name) => name !== 'oidc' && name !== 'oauth2')
        .sort(),
    ).toEqual(names)
    expect(all.map(({ id }) => id).sort()).toEqual(names)
  })

  it.each(files.filter((name) => name !== 'doorward.ts'))('%s says where it was read from', (name) => {
    expect(read(name)).toMatch(/@see https:\/\//)
  })

  it('has an id that is a path segment, and of its own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { id } of all) expect(id).toMatch(/^[a-z0-9-]{1,32}$/)
  })

  it.each(all)('$id is reached over https alone', ({ issuer, endpoints, extra, protocol }) => {
    const addresses = [issuer, ...Object.values(endpoints ?? {}), extra?.url].filter(
      (url) => url !== undefined,
    )
    for (const address of addresses) expect(new URL(address).protocol).toBe('https:')
    expect(protocol === 'oidc' ? issuer : endpoints?.token).toBeDefined()
  })

  it.each(all)(
    '$id asks by scopes with single spaces, and with openid where it is OpenID Connect',
    (provider) => {
      expect(provider.scope).toBe(provider.scope.split(/\s+/).filter(Boolean).join(' '))
      expect(provider.scope.split(' ').includes('openid')).toBe(provider.protocol === 'oidc')
    },
  )

  it.each(samples)('$provider.id: a sample answer becomes a profile', ({ provider, answer, profile }) => {
    expect(provider.profile({ ...source, ...answer })).toEqual(profile)
  })

  it.each(samples)(
    '$provider.id: without a word of it, an address is not proven',
    ({ provider, unproven }) => {
      if (unproven !== undefined)
        expect(provider.profile({ ...source, ...unproven }).emailVerified).toBe(false)
    },
  )

  it.each(all)('$id: an empty answer is nobody, and proves nothing', ({ profile }) => {
    const nobody = { subject: '', email: null, emailVerified: false, name: null, picture: null }
    expect(profile(source)).toEqual(nobody)
    expect(profile({ claims: {}, userinfo: {}, extra: {} })).toEqual(nobody)
    expect(profile({ claims: {}, userinfo: {}, extra: 'no list' })).toEqual(nobody)
  })

  it('PKCE is off for LinkedIn and Slack alone, which refuse it beside a secret', () => {
    expect(all.filter(({ pkce }) => !pkce).map(({ id }) => id)).toEqual(['linkedin', 'slack'])
  })

  it("takes an app's own id, name, scope and parameters", () => {
    const own = providers.google({
      clientId: 'c',
      clientSecret: 's',
      id: 'work',
      name: 'Work',
      scope: 'openid',
      authorizationParameters: { access_type: 'offline' },
    })
    expect(own).toMatchObject({ id: 'work', name: 'Work', scope: 'openid', clientId: 'c', clientSecret: 's' })
    expect(own.authorizationParameters).toEqual({ access_type: 'offline' })
  })
})

describe('github', () => {
  const read = (extra: unknown) =>
    byId('github')?.profile({ claims: {}, userinfo: { id: 1, login: 'octocat' }, extra })

  it('leaves unproven addresses out, even the primary one', () => {
    const entries = [{ email: 'a@example.com', primary: true, verified: false }]
    expect(read(entries)).toMatchObject({ email: null, emailVerified: false })
    const other = { email: 'b@example.com', primary: false, verified: true }
    expect(read([...entries, other])).toMatchObject({ email: 'b@example.com', emailVerified: true })
  })

  it('falls back to the login where no name is shown', () => {
    expect(read([])).toMatchObject({ subject: '1', name: 'octocat' })
  })
})

describe('microsoft', () => {
  const options = { clientId: 'c', clientSecret: 's' }

  it.each(['common', 'organizations'])('the issuer of %s is a template', (tenant) => {
    expect(providers.microsoft({ ...options, tenant }).quirks).toEqual({ issuerTemplate: true })
  })

  it('one tenant is exact', () => {
    const tenant = '9122040d-6c67-4c5b-b112-36a304b66dad'
    const own = providers.microsoft({ ...options, tenant })
    expect(own).toMatchObject({ issuer: `https://login.microsoftonline.com/${tenant}/v2.0`, quirks: {} })
  })
})

describe('apple', () => {
  it('is asked by form_post only when a name or an address is wanted', () => {
    const never = { noReauthentication: true }
    expect(providers.apple(appleOptions).quirks).toEqual({ ...never, formPost: true, userField: true })
    expect(providers.apple({ ...appleOptions, scope: 'openid email' }).quirks).toMatchObject({
      formPost: true,
    })
    expect(providers.apple({ ...appleOptions, scope: 'openid' }).quirks).toEqual(never)
  })

  it('takes the address from the ID token alone: anybody can write another into the form', () => {
    const { profile } = providers.apple(appleOptions)
    const forged = profile({ claims: { sub: 's' }, userinfo: {}, extra: { email: 'forged@example.com' } })
    expect(forged).toMatchObject({ email: null, emailVerified: false, name: null })
  })

  it('makes a client secret for each request: an ES256 JWT of the team for the app', async () => {
    const { clientSecret } = providers.apple(appleOptions)
    if (typeof clientSecret !== 'function') throw new Error('Apple takes no fixed secret')
    const now = Math.floor(Date.now() / 1000)
    const { payload, protectedHeader } = await jwtVerify(await clientSecret(now), applePublicKey)
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: appleOptions.keyId })
    expect(payload).toEqual({
      iss: appleOptions.teamId,
      sub: appleOptions.clientId,
      aud: 'https://appleid.apple.com',
      iat: now,
      exp: now + 300,
    })
  })
})

describe('oidc', () => {
  it('needs an issuer and a client id alone; without a secret the client is public', () => {
    const own = providers.oidc({ issuer: 'https://id.acme.example', clientId: 'c' })
    expect(own).toMatchObject({ id: 'oidc', name: 'id.acme.example', clientAuth: 'none', pkce: true })
    expect(own).not.toHaveProperty('clientSecret')
    expect(own.scope).toBe('openid profile email')
  })

  it('sends its secret by Basic unless told', () => {
    const own = { issuer: 'https://id.acme.example', clientId: 'c', clientSecret: 's' }
    expect(providers.oidc(own).clientAuth).toBe('basic')
    expect(providers.oidc({ ...own, clientAuth: 'post' }).clientAuth).toBe('post')
  })
})

describe('oauth2', () => {
  it('takes endpoints and a way to read a profile', () => {
    const profile = () => ({ subject: '1', email: null, emailVerified: false, name: null, picture: null })
    const endpoints = { authorization: 'https://acme.example/a', token: 'https://acme.example/t' }
    const own = providers.oauth2({ id: 'acme', name: 'Acme', clientId: 'c', scope: 'me', endpoints, profile })
    expect(own).toMatchObject({ protocol: 'oauth2', clientAuth: 'none', pkce: true, endpoints })
  })
})

describe('a proven address', () => {
  it('is the one that its own source vouches for, not what another source names', () => {
    const claims = { sub: '1', email: 'own@example.com', email_verified: true }
    const oidc = byId('oidc') ?? providers.oidc({ id: 'oidc', issuer: 'https://id.example', clientId: 'c' })
    const read = (userinfo: Record<string, unknown>) => oidc.profile({ claims, userinfo, extra: null })
    expect(read({ sub: '1', email: 'chief@example.com' })).toMatchObject({ emailVerified: false })
    expect(read({ sub: '1' })).toMatchObject({ email: 'own@example.com', emailVerified: true })
    expect(read({ sub: '1', email: 'own@example.com' })).toMatchObject({ emailVerified: true })
  })
})
