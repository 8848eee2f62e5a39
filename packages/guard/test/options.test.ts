import { describe, expect, it } from 'vitest'
import { createVerifier } from '../src/index.ts'
import { GuardOptionError, parseGuardOptions, parseVerifierOptions } from '../src/options.ts'

const good = { issuer: 'https://id.example', audience: 'https://api.example' }
// Users without TypeScript make mistakes that types would catch.
const parse = (options: unknown): unknown => Reflect.apply(parseVerifierOptions, null, [options])
const parseGuard = (options: unknown): unknown => Reflect.apply(parseGuardOptions, null, [options])

describe('options', () => {
  it('have defaults', () => {
    expect(parseVerifierOptions(good)).toMatchObject({
      issuer: 'https://id.example',
      audience: ['https://api.example'],
      algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      clockTolerance: 0,
      jwksUri: null,
      cacheSize: 1000,
    })
    const now = Date.now() / 1000
    expect(Math.abs(parseVerifierOptions(good).clock() - now)).toBeLessThan(2)
  })

  it('take scopes as a text or a list', () => {
    const scopesOf = (scope: string | string[]) =>
      parseGuardOptions({ ...good, scope }).settings.requirements.scopes
    expect(scopesOf('read')).toEqual(['read'])
    expect(scopesOf('read write')).toEqual(['read', 'write'])
    expect(scopesOf(['read', 'write'])).toEqual(['read', 'write'])
  })

  it('take roles and permissions as a text or a list', () => {
    const { requirements } = parseGuardOptions({
      ...good,
      role: 'shop manager',
      permission: ['a', 'b'],
    }).settings
    expect(requirements).toEqual({ scopes: [], roles: ['shop manager'], permissions: ['a', 'b'] })
  })

  it.each<[string, object | undefined, RegExp]>([
    ['options', undefined, /options are missing/],
    ['issuer', { audience: 'a' }, /issuer is missing.*https:\/\/id\.example\.com/],
    ['issuer', { ...good, issuer: 'id.example' }, /not a URL.*https:\/\//],
    ['issuer', { ...good, issuer: 'http://id.example' }, /not https/],
    ['issuer', { ...good, issuer: 'https://id.example?x=1' }, /query or a fragment/],
    ['issuer', { ...good, issuer: 'https://id.example#' }, /query or a fragment/],
    ['audience', { issuer: good.issuer }, /audience is missing/],
    ['audience', { ...good, audience: '' }, /audience is missing or empty/],
    ['audience', { ...good, audience: [] }, /audience is missing or empty/],
    ['audience', { ...good, audience: ['a', ''] }, /audience is missing or empty/],
    ['algorithms', { ...good, algorithms: [] }, /at least one/],
    ['algorithms', { ...good, algorithms: ['HS256'] }, /holds HS256, which is not one of ES256/],
    ['algorithms', { ...good, algorithms: ['none'] }, /holds none/],
    ['algorithms', { ...good, algorithms: 'ES256' }, /not a list/],
    ['clockToleranceSeconds', { ...good, clockToleranceSeconds: 301 }, /0 to 300/],
    ['clockToleranceSeconds', { ...good, clockToleranceSeconds: -1 }, /0 to 300/],
    ['clockToleranceSeconds', { ...good, clockToleranceSeconds: '5' }, /whole number/],
    ['cacheSize', { ...good, cacheSize: 0.5 }, /whole number/],
    ['cacheSize', { ...good, cacheSize: Number.POSITIVE_INFINITY }, /whole number/],
    ['jwksUri', { ...good, jwksUri: 'http://keys.example' }, /not https/],
    ['scopes', { ...good, scopes: 'read' }, /no option scopes\. The options are: issuer, audience/],
  ])('%s wrong: throws with the cause and the fix', (option, options, message) => {
    expect(() => parse(options)).toThrow(GuardOptionError)
    expect(() => parse(options)).toThrow(message)
    expect(() => parse(options)).toThrow(expect.objectContaining({ option }))
  })

  it.each<[string, object, RegExp]>([
    ['scopes', { scopes: 'admin' }, /no option scopes/],
    ['scope', { scope: undefined }, /scope is undefined/],
    ['role', { role: undefined }, /role is undefined/],
    ['permission', { permission: undefined }, /permission is undefined/],
    ['scope', { scope: '' }, /scope tokens/],
    ['scope', { scope: 'read  write' }, /Separate them by one space/],
    ['scope', { scope: ['read write'] }, /scope tokens/],
    ['scope', { scope: [] }, /scope is missing or empty/],
    ['role', { role: '' }, /role is missing or empty/],
    ['role', { role: [] }, /role is missing or empty/],
    ['permission', { permission: [1] }, /permission is missing or empty/],
  ])('a requirement that would be lost is refused: %s', (option, change, message) => {
    expect(() => parseGuard({ ...good, ...change })).toThrow(expect.objectContaining({ option }))
    expect(() => parseGuard({ ...good, ...change })).toThrow(message)
  })

  it('take a shared verifier instead of issuer and audience, never both', () => {
    const verifier = createVerifier(good)
    expect(parseGuardOptions({ verifier, scope: 'read' }).verifier).toBe(verifier)
    expect(() => parseGuard({ verifier, issuer: 'https://id.example' })).toThrow(
      /issuer belongs to the verifier/,
    )
    expect(() => parseGuard({ verifier: {} })).toThrow(/Make one with createVerifier/)
    expect(() => parseGuard({ verifier: undefined })).toThrow(/Make one with createVerifier/)
  })
})
