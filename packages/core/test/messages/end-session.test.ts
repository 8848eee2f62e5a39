import { describe, expect, it } from 'vitest'
import { parseEndSession, respondEndSession } from '../../src/messages/end-session.ts'
import { parseParams } from '../../src/messages/params.ts'
import { expectRefusal } from '../refusal.ts'

const read = (text: string) => parseEndSession(parseParams(new URLSearchParams(text)))

describe('parseEndSession', () => {
  it('reads a request with nothing in it: somebody wants to sign out, RP-Initiated Logout §2', () => {
    expect(read('')).toEqual({
      idTokenHint: null,
      clientId: null,
      postLogoutRedirectUri: null,
      state: null,
      logoutHint: null,
      uiLocales: [],
    })
  })

  it('reads every parameter, RP-Initiated Logout §2', () => {
    const text =
      'id_token_hint=a.b.c&client_id=c&post_logout_redirect_uri=https://a.example&state=s&logout_hint=h&ui_locales=de+en'
    expect(read(text)).toEqual({
      idTokenHint: 'a.b.c',
      clientId: 'c',
      postLogoutRedirectUri: 'https://a.example',
      state: 's',
      logoutHint: 'h',
      uiLocales: ['de', 'en'],
    })
  })

  it.each([
    ['state=a&state=b', 'parameter_repeated'],
    ['state=%0A', 'parameter_malformed'],
    [`client_id=${'a'.repeat(257)}`, 'parameter_too_long'],
    [`post_logout_redirect_uri=${'a'.repeat(2049)}`, 'parameter_too_long'],
    [`id_token_hint=${'a'.repeat(16385)}`, 'parameter_too_long'],
  ] as const)('refuses %s', (text, reason) => {
    expectRefusal(() => read(text), 'invalid_request', reason)
  })
})

describe('respondEndSession', () => {
  it('adds state where there was one, RP-Initiated Logout §3', () => {
    expect(respondEndSession('https://a.example/bye?x=1', 's&t')).toBe(
      'https://a.example/bye?x=1&state=s%26t',
    )
    expect(respondEndSession('https://a.example/bye', null)).toBe('https://a.example/bye')
  })
})
