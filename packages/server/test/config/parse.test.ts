import { describe, expect, it } from 'vitest'
import { DEFAULTS } from '../../src/config/defaults.ts'
import { ConfigError } from '../../src/config/errors.ts'
import { parseConfig } from '../../src/config/parse.ts'

const issuer = 'http://localhost:4000'

function refusal(input: unknown): ConfigError {
  try {
    parseConfig(input)
  } catch (cause) {
    if (cause instanceof ConfigError) return cause
    throw cause
  }
  throw new Error('It was accepted')
}

describe('parseConfig', () => {
  it('completes a lone issuer with the defaults', () => {
    expect(parseConfig({ issuer })).toEqual({ issuer, ...DEFAULTS })
  })

  it('keeps what is set and completes its siblings', () => {
    const { refresh } = parseConfig({ issuer, refresh: { graceSeconds: 0 } })
    expect(refresh).toEqual({ ...DEFAULTS.refresh, graceSeconds: 0 })
  })

  it.each([
    [{ issuer, issuers: 1 }, 'issuers'],
    [{ issuer, refresh: { idle: 1 } }, 'refresh.idle'],
    [{ issuer, limits: { signIn: { perAdress: 1 } } }, 'limits.signIn.perAdress'],
  ])('refuses an unknown key and names it and its siblings: %o', (input, key) => {
    const error = refusal(input)
    expect(error.key).toBe(key)
    expect(error.message).toContain(`Unknown setting ${key}`)
    expect(error.message).toContain('Known here: ')
  })

  it.each([
    [{}, 'issuer', /missing/],
    [{ issuer, code: { lifetimeSeconds: 601 } }, 'code.lifetimeSeconds', /at most 600/],
    [{ issuer, code: { lifetimeSeconds: 1.5 } }, 'code.lifetimeSeconds', /whole number/],
    [{ issuer, sweep: { batch: '5' } }, 'sweep.batch', /must be a number/],
    [{ issuer, accessToken: { signingAlg: 'HS256' } }, 'accessToken.signingAlg', /ES256, RS256, EdDSA/],
    [{ issuer, branding: { accent: 'red' } }, 'branding.accent', /#1f6f54/],
    [{ issuer, branding: { privacyUrl: 'javascript:x' } }, 'branding.privacyUrl', /http or https/],
    [{ issuer, branding: { logoUrl: '//elsewhere/x.png' } }, 'branding.logoUrl', /own host/],
    [
      { issuer, password: { minLength: 200, maxLength: 64 } },
      'password.minLength',
      /must not exceed password.maxLength/,
    ],
    [{ issuer, passwordHash: { memoryKiB: 8, lanes: 2 } }, 'passwordHash.memoryKiB', /RFC 9106/],
    [{ issuer, trustProxy: ['10.0.0.0/33'] }, 'trustProxy', /CIDR/],
    [{ issuer, trustProxy: ['0.0.0.0/0'] }, 'trustProxy', /every address/],
    [{ issuer, allowPrivateHosts: ['10.0.0.5'] }, 'allowPrivateHosts', /host:port/],
  ])('refuses %o and names %s', (input, key, message) => {
    const error = refusal(input)
    expect(error.key).toBe(key)
    expect(error.message).toMatch(message)
  })

  it('never repeats the value, which may be a secret in the wrong place', () => {
    const secret = 'hunter2-hunter2-hunter2'
    for (const input of [
      { issuer: secret },
      { issuer, branding: { accent: secret } },
      { issuer, trustProxy: [secret] },
      secret,
    ]) {
      expect(refusal(input).message).not.toContain(secret)
    }
  })
})
