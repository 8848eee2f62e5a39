import { parsePrompt } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { decideSignIn, type Hint, type SignedIn, type SignInFacts } from '../../src/policy/sign-in-needed.ts'

const NOW = 1_800_000_000

function person(name: string, age = 100): SignedIn {
  return {
    session: {
      sid: `sid-${name}`,
      userId: name,
      authTime: NOW - age,
      acr: 'aal1',
      amr: ['pwd'],
      createdAt: NOW - age,
      lastSeenAt: NOW,
      idleExpiresAt: NOW + 1000,
      expiresAt: NOW + 1000,
    },
    user: {
      id: name,
      email: `${name}@example.com`,
      emailVerified: true,
      passwordHash: null,
      claims: {},
      disabledAt: null,
      createdAt: NOW,
      updatedAt: NOW,
    },
  }
}

const ada = person('ada')
const bob = person('bob')

function facts(given: Omit<Partial<SignInFacts>, 'prompt'> & { prompt?: string | null } = {}): SignInFacts {
  return {
    maxAge: null,
    hint: { kind: 'none' },
    step: null,
    sessions: [ada],
    now: NOW,
    ...given,
    prompt: parsePrompt(given.prompt ?? null),
  }
}

/** A verdict in one line. */
function verdict(given: Parameters<typeof facts>[0]): string {
  const decided = decideSignIn(facts(given))
  switch (decided.kind) {
    case 'signed-in':
      return `signed-in ${decided.current.user.id}`
    case 'sign-in':
      return `sign-in ${decided.current?.user.id ?? 'anybody'}`
    case 'refuse':
      return `${decided.code} ${decided.reason}`
    case 'choose':
      return 'choose'
  }
}

const hint = (userId: string): Hint => ({ kind: 'person', userId })

describe('decideSignIn, OpenID Connect Core §3.1.2.3', () => {
  it.each([
    ['nobody signed in', { sessions: [] }, 'sign-in anybody'],
    ['somebody signed in', {}, 'signed-in ada'],
    ['two signed in: the active one', { sessions: [bob, ada] }, 'signed-in bob'],
  ])('without demands: %s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected)
  })

  it.each([
    ['nobody signed in', { prompt: 'none', sessions: [] }, 'login_required sign_in_required'],
    ['somebody signed in', { prompt: 'none' }, 'signed-in ada'],
    ['signed in too long ago', { prompt: 'none', maxAge: 60 }, 'login_required sign_in_required'],
    ['max_age=0', { prompt: 'none', maxAge: 0 }, 'login_required sign_in_required'],
    ['somebody else hinted', { prompt: 'none', hint: hint('bob') }, 'login_required sign_in_required'],
    [
      'a hint whose key is gone',
      { prompt: 'none', hint: { kind: 'unknown' } as const },
      'login_required hint_key_gone',
    ],
  ])('prompt=none never asks: %s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected)
  })

  it.each([
    ['asks the same person', { prompt: 'login' }, 'sign-in ada'],
    [
      'is satisfied by a sign-in for this request',
      { prompt: 'login', step: { done: ['login'], sid: 'sid-ada' } as const },
      'signed-in ada',
    ],
    [
      'is not by one that has expired',
      { prompt: 'login', step: { done: [], sid: 'sid-ada' } },
      'sign-in ada',
    ],
    [
      'is not by a session that is not in this browser',
      { prompt: 'login', step: { done: ['login'], sid: 'sid-eve' } as const },
      'sign-in ada',
    ],
    [
      'is not by choosing an account',
      { prompt: 'login', step: { done: ['select'], sid: 'sid-ada' } as const },
      'sign-in ada',
    ],
  ])('prompt=login %s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected)
  })

  it.each([
    ['younger than max_age', 99, 'sign-in ada'],
    ['exactly max_age', 100, 'signed-in ada'],
    ['older than max_age', 101, 'signed-in ada'],
  ])('max_age: %s', (_, maxAge, expected) => {
    expect(verdict({ maxAge })).toBe(expected)
  })

  it('max_age=0 asks even somebody who signed in this second, once', () => {
    const fresh = person('ada', 0)
    expect(verdict({ maxAge: 0, sessions: [fresh] })).toBe('sign-in ada')
    expect(verdict({ maxAge: 0, sessions: [fresh], step: { done: ['login'], sid: 'sid-ada' } })).toBe(
      'signed-in ada',
    )
  })

  it.each([
    ['offers the accounts', { prompt: 'select_account' }, 'choose'],
    ['with nobody signed in is a sign-in', { prompt: 'select_account', sessions: [] }, 'sign-in anybody'],
    [
      'is satisfied by the one chosen, active or not',
      { prompt: 'select_account', sessions: [ada, bob], step: { done: ['select'], sid: 'sid-bob' } as const },
      'signed-in bob',
    ],
    [
      'lets somebody else sign in',
      { prompt: 'select_account', step: { done: ['select'], sid: null } as const },
      'sign-in anybody',
    ],
    [
      'and login ask one after the other',
      { prompt: 'select_account login', step: { done: ['select'], sid: 'sid-ada' } as const },
      'sign-in ada',
    ],
    [
      'and login both end',
      { prompt: 'select_account login', step: { done: ['login', 'select'], sid: 'sid-ada' } as const },
      'signed-in ada',
    ],
  ])('prompt=select_account %s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected)
  })

  it.each([
    ['takes the hinted session, active or not', { sessions: [ada, bob], hint: hint('bob') }, 'signed-in bob'],
    [
      'finds it under prompt=none too',
      { prompt: 'none', sessions: [ada, bob], hint: hint('bob') },
      'signed-in bob',
    ],
    ['lets the hinted person sign in', { hint: hint('bob') }, 'sign-in anybody'],
    [
      'tells the client when somebody else did',
      { hint: hint('bob'), step: { done: ['login', 'select'], sid: 'sid-ada' } as const },
      'login_required hint_other_person',
    ],
    [
      'is left aside where nobody can tell whom it names',
      { hint: { kind: 'unknown' } as const },
      'signed-in ada',
    ],
  ])('id_token_hint %s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected)
  })
})
