import { describe, expect, it } from 'vitest'
import { cookieJar, parseCookies } from '../src/cookies.ts'

describe('cookies', () => {
  it('are __Host- and Secure on an https issuer, RFC 6265bis §4.1.3', () => {
    const jar = cookieJar('https://id.example.com')
    expect(jar.name('dw-session')).toMatch(/^__Host-dw-session-[0-9a-f]{4}$/)
    expect(jar.serialize('dw-session', 'abc')).toBe(
      `${jar.name('dw-session')}=abc; Path=/; HttpOnly; SameSite=Lax; Secure`,
    )
  })

  it('have neither on a loopback http issuer, where browsers would drop them', () => {
    const jar = cookieJar('http://localhost:4000')
    expect(jar.name('dw-session')).toMatch(/^dw-session-[0-9a-f]{4}$/)
    expect(jar.serialize('dw-session', 'abc', 60)).toBe(
      `${jar.name('dw-session')}=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60`,
    )
  })

  it('are SameSite=None where a form of another site must bring them along', () => {
    expect(cookieJar('https://id.example.com').serialize('dw-sign-in', 'a', 60, 'None')).toMatch(
      /; SameSite=None; Secure; Max-Age=60$/,
    )
  })

  it('differ between issuers on one host, whose ports share cookies', () => {
    const names = [4000, 4001, 4002].map((port) => cookieJar(`http://localhost:${port}`).name('dw-session'))
    expect(new Set(names).size).toBe(3)
  })

  it.each([
    [null, {}],
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1; b=2;c=3', { a: '1', b: '2', c: '3' }],
    ['a=x=y', { a: 'x=y' }],
    ['a=', { a: '' }],
    ['=1; nothing; ; a=1', { a: '1' }],
    ['a=first; a=second', { a: 'first' }],
  ])('are read from %j, the first of a repeated name, RFC 6265 §5.4', (header, expected) => {
    expect(Object.fromEntries(parseCookies(header))).toEqual(expected)
  })

  it('are not taken from a name that a browser did not see as ours: only blanks and tabs are cut off', () => {
    const cookies = parseCookies('\u00a0__Host-dw-session-1=theirs; \t__Host-dw-session-1=ours ')
    expect(cookies.get('__Host-dw-session-1')).toBe('ours')
  })
})
