import { google, oidc } from '@doorward/client/providers'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/errors.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { PROVIDER_KINDS } from '../../src/config/provider-kinds.ts'

const keys = { clientId: 'c', clientSecret: 'hunter2-hunter2' }
const parse = (...providers: readonly unknown[]) =>
  parseConfig({ issuer: 'http://localhost:4000', providers }).providers

function refusal(...providers: readonly unknown[]): ConfigError {
  try {
    parse(...providers)
  } catch (cause) {
    if (cause instanceof ConfigError) return cause
    throw cause
  }
  throw new Error('It was accepted')
}

const acme = {
  provider: 'oauth2',
  id: 'acme',
  name: 'Acme',
  scope: 'me',
  ...keys,
  endpoints: {
    authorization: 'https://acme.example/authorize',
    token: 'https://acme.example/token',
    userinfo: 'https://acme.example/me',
  },
  profile: { subject: 'user_id', email: 'mail', emailVerified: 'mail_proven', name: 'login' },
}

describe('the setting providers', () => {
  it('makes providers of the client library from names and options', () => {
    const { profile: _, ...data } = google({ ...keys, id: 'work', scope: 'openid' })
    expect(parse({ provider: 'google', ...keys, id: 'work', scope: 'openid' })).toMatchObject([
      { ...data, linkByEmail: true },
    ])
    const own = { issuer: 'https://id.example', clientId: 'c', name: 'Example' }
    expect(parse({ provider: 'oidc', ...own, linkByEmail: false })).toMatchObject([
      { ...oidc(own), linkByEmail: false, clientAuth: 'none' },
    ])
  })

  it('knows every provider function of the library', async () => {
    const { OptionError: _, ...functions } = await import('@doorward/client/providers')
    const made = Object.keys(functions)
    expect(Object.keys(PROVIDER_KINDS).sort()).toEqual(made.sort())
  })

  it('takes those that a function has made, and its own result again', () => {
    const provider = google(keys)
    const once = parse(provider, {
      ...oidc({ issuer: 'https://id.example', clientId: 'c' }),
      linkByEmail: false,
    })
    expect(once).toMatchObject([
      { ...provider, linkByEmail: true },
      { id: 'oidc', linkByEmail: false },
    ])
    expect(parse(...once)).toEqual(once)
  })

  it('reads a secret from the environment', () => {
    const [provider] = parse({ provider: 'github', clientId: 'c', clientSecret: { env: 'PATH' } })
    expect(provider?.clientSecret).toBe(process.env.PATH)
  })

  it('reads who signed in by the names of userinfo members', () => {
    const [provider] = parse(acme)
    const read = (userinfo: Record<string, unknown>) =>
      provider?.profile({ claims: {}, userinfo, extra: null })
    const proven = { subject: '7', email: 'a@b.example', emailVerified: true, name: 'ada', picture: null }
    const answer = { user_id: 7, mail: 'a@b.example', mail_proven: true, login: 'ada' }
    expect(read(answer)).toEqual(proven)
    expect(read({ ...answer, mail_proven: 'yes' })).toEqual({ ...proven, emailVerified: false })
    expect(read({})).toMatchObject({ subject: '', email: null, emailVerified: false })
  })

  const named = { provider: 'google', ...keys }
  it.each([
    [[{ provider: 'gogle', ...keys }], 'providers.0.provider', /one of amazon, apple/],
    [[{ provider: 'toString', ...keys }], 'providers.0.provider', /one of amazon/],
    [[named, { provider: 'github', clientSecret: 's' }], 'providers.1.clientId', /must be text/],
    [[{ ...named, clientId: '' }], 'providers.0.clientId', /at least 1/],
    [[{ provider: 'google', clientId: 'c' }], 'providers.0.clientSecret', /text, or \{ "env": "NAME" \}/],
    [
      [{ ...named, clientSecret: { env: 'hunter2_unset' } }],
      'providers.0.clientSecret',
      /variable that is set/,
    ],
    [[{ ...named, clientID: 'c' }], 'providers.0.clientID', /google takes clientId, scope/],
    [[{ ...named, id: 'Google' }], 'providers.0.id', /a-z, 0-9 and -/],
    [[{ ...named, id: 'choose' }], 'providers.0.id', /a page of the server/],
    [[named, named], 'providers.1.id', /no provider before it has/],
    [[{ ...named, linkByEmail: 'no' }], 'providers.0.linkByEmail', /true or false/],
    [[{ provider: 'oidc', ...keys }], 'providers.0.issuer', /must be text/],
    [[{ provider: 'oidc', ...keys, issuer: 'ftp://id.example' }], 'providers.0.issuer', /http or https/],
    [
      [{ ...acme, endpoints: { ...acme.endpoints, tokn: 'x' } }],
      'providers.0.endpoints.tokn',
      /must not be there/,
    ],
    [[{ ...acme, profile: {} }], 'providers.0.profile.subject', /must be text/],
    [
      [acme, { ...acme, id: 'b', endpoints: { ...acme.endpoints, token: 'https://acme.example/b' } }],
      'providers.1.endpoints.token',
      /told apart/,
    ],
    [
      [acme, { provider: 'oidc', ...keys, issuer: 'https://acme.example' }],
      'providers.1.issuer',
      /told apart/,
    ],
    [
      [{ provider: 'gitlab', ...keys, issuer: 'https://acme.example' }, acme],
      'providers.1.endpoints.token',
      /told apart/,
    ],
    [
      [
        {
          provider: 'apple',
          clientId: 'c',
          teamId: 'A123456789',
          keyId: 'K123456789',
          privateKey: 'hunter2',
        },
      ],
      'providers.0.privateKey',
      /text of a \.p8 file/,
    ],
    [
      [{ provider: 'apple', clientId: 'c', teamId: 'hunter2', keyId: 'K', privateKey: 'k' }],
      'providers.0.teamId',
      /ten characters/,
    ],
    [[{ provider: 'microsoft', ...keys, tenant: 'acme.example' }], 'providers.0.tenant', /not a domain/],
    [['google'], 'providers.0', /object of settings/],
    [[{ ...google(keys), clientId: '' }], 'providers.0.clientId', /at least 1/],
    [[google({ ...keys, clientSecret: '' })], 'providers.0.clientSecret', /must be set/],
    [Array.from({ length: 21 }, (_, at) => ({ ...named, id: `g${at}` })), 'providers', /at most 20/],
  ])('refuses %j and names %s, never a secret', (providers, key, message) => {
    const error = refusal(...providers)
    expect(error.key).toBe(key)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('hunter2')
  })

  it('refuses a list that is none', () => {
    expect(() => parseConfig({ issuer: 'http://localhost:4000', providers: {} })).toThrow(
      /providers must be a list/,
    )
    expect(() => parseConfig({ issuer: 'http://localhost:4000', registration: 'off' })).toThrow(
      /open, closed/,
    )
  })
})
