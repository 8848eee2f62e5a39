import { github, google, oidc } from '@doorward/client'
import { describe, expect, it } from 'vitest'
import {
  canAskAgain,
  demandOf,
  isFreshEnough,
  NO_DEMAND,
  upstreamAuthentication,
  wishesFor,
} from '../../src/policy/upstream-sign-in.ts'

const NOW = 1_800_000_000
const keys = { clientId: 'c', clientSecret: 's' }
const acme = oidc({ ...keys, issuer: 'https://id.acme.example' })
const consenting = { ...acme, authorizationParameters: { prompt: 'consent' } }
const nothing = { prompt: new Set<never>(), maxAge: null, loginHint: null, acrValues: [] }

describe('what a provider is asked for beside who it is (OpenID Connect Core §3.1.2.1)', () => {
  const proven = demandOf({ ...nothing, prompt: new Set(['login'] as const) })

  it.each([
    ['nothing where nothing is demanded', acme, NO_DEMAND, {}],
    ['a hint, handed on', acme, { ...NO_DEMAND, loginHint: 'ada' }, { login_hint: 'ada' }],
    ['classes, handed on', acme, { ...NO_DEMAND, acrValues: ['a', 'b'] }, { acr_values: 'a b' }],
    ['prompt=login, with a max_age so that it tells when', acme, proven, { prompt: 'login', max_age: '300' }],
    ['max_age', acme, demandOf({ ...nothing, maxAge: 60 }), { max_age: '60' }],
    [
      'max_age=0 as prompt=login',
      acme,
      demandOf({ ...nothing, maxAge: 0 }),
      { prompt: 'login', max_age: '300' },
    ],
    ['select_account', acme, { ...NO_DEMAND, select: true }, { prompt: 'select_account' }],
    ['with the prompt of the settings', consenting, proven, { prompt: 'consent login', max_age: '300' }],
    ['an account from one that takes no prompt=login', google(keys), proven, { prompt: 'select_account' }],
    ['nothing of one without OpenID Connect', github(keys), { ...proven, loginHint: 'ada' }, {}],
  ])('%s', (_title, provider, demand, wishes) => {
    expect(wishesFor(provider, demand)).toEqual(wishes)
  })

  it('never prompt=none, whatever a request says', () => {
    const demand = demandOf({ ...nothing, prompt: new Set(['none'] as const) })
    expect(wishesFor(acme, demand)).toEqual({})
  })

  it('only some can make somebody prove again who they are', () => {
    expect([acme, google(keys), github(keys)].map(canAskAgain)).toEqual([true, false, false])
  })
})

describe('whether a sign-in is as fresh as is demanded', () => {
  const times = { startedAt: NOW - 60, now: NOW, tolerance: 30 }
  const again = (kind: 'proven' | 'asked' | null) => ({ again: kind, maxAge: null })

  it.each([
    ['nothing is demanded', { auth_time: 1 }, again(null), true],
    ['proven: it was after the start', { auth_time: NOW - 5 }, again('proven'), true],
    ['proven: it was before the start', { auth_time: NOW - 91 }, again('proven'), false],
    ['proven: within what clocks differ', { auth_time: NOW - 90 }, again('proven'), true],
    ['proven: nobody says when', {}, again('proven'), false],
    ['proven: a time that is none', { auth_time: String(NOW) }, again('proven'), false],
    ['asked: nobody says when', {}, again('asked'), true],
    ['asked: it was before the start', { auth_time: NOW - 91 }, again('asked'), false],
    ['max_age: young enough', { auth_time: NOW - 100 }, { again: null, maxAge: 100 }, true],
    ['max_age: too old', { auth_time: NOW - 131 }, { again: null, maxAge: 100 }, false],
    ['max_age: nobody says when, and it vouched now', {}, { again: null, maxAge: 100 }, true],
  ])('%s', (_title, claims, demand, fresh) => {
    expect(isFreshEnough(claims, demand, times)).toBe(fresh)
  })
})

describe('how the sign-in is described in tokens', () => {
  it.each([
    ['nothing is told', {}, [], { authTime: NOW, acr: 'aal1', amr: [] }],
    ['the time of the provider', { auth_time: NOW - 9 }, [], { authTime: NOW - 9, acr: 'aal1', amr: [] }],
    ['never in the future', { auth_time: NOW + 9 }, [], { authTime: NOW, acr: 'aal1', amr: [] }],
    [
      'its methods',
      { amr: ['pwd', 'otp', 7, 'a b'] },
      [],
      { authTime: NOW, acr: 'aal1', amr: ['pwd', 'otp'] },
    ],
    ['a class that was asked for', { acr: 'urn:a' }, ['urn:a'], { authTime: NOW, acr: 'urn:a', amr: [] }],
    ['not one that nobody asked for', { acr: 'aal3' }, ['urn:a'], { authTime: NOW, acr: 'aal1', amr: [] }],
  ])('%s', (_title, claims, acrValues, authentication) => {
    expect(upstreamAuthentication(claims, acrValues, NOW)).toEqual(authentication)
  })
})
