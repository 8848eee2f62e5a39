import { cookieJar } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { makeState } from '../../src/exchange/state.ts'
import { endTransaction, findTransaction, giveTransaction } from '../../src/exchange/transaction.ts'

const key = new Uint8Array(32).fill(1)
const NOW = 1_800_000_000
const transaction = { provider: 'google', verifier: 'v', nonce: 'n', returnTo: '/' }
const jar = cookieJar('https://app.example.com/')
const deps = { jar, keys: [key] } as const
const lax = { sameSite: 'Lax' } as const
const pairOf = (line: string): string => line.split(';', 1)[0] ?? ''

const give = (state: string, cookieHeader: string | null = null) =>
  giveTransaction(state, transaction, deps, { ...lax, cookieHeader })

describe('the transaction cookie', () => {
  it('is __Host-, HttpOnly and Secure, lives ten minutes, and is named after its state', () => {
    const [line = '', ...others] = give(makeState(NOW, 'fine', key))
    expect(line).toMatch(/^__Host-dw-sign-in-[0-9a-f]{8}[\w-]{8}-[0-9a-f]{4}=v1\./)
    expect(line).toContain('; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600')
    expect(others).toEqual([])
  })

  it('is SameSite=None for what a form of another site brings', () => {
    const [line] = giveTransaction('s', transaction, deps, { sameSite: 'None', cookieHeader: null })
    expect(line).toContain('SameSite=None; Secure')
  })

  it('opens for its own state alone', () => {
    const [one, two] = [makeState(NOW, 'fine', key), makeState(NOW, 'fine', key)]
    const header = pairOf(give(one)[0] ?? '')
    expect(findTransaction(one, header, deps)).toEqual({ kind: 'live', transaction })
    expect(findTransaction(two, header, deps)).toEqual({ kind: 'absent' })
    // The value of one tab under the name of the other.
    const moved = `${pairOf(give(two)[0] ?? '').split('=')[0]}=${header.split('=')[1]}`
    expect(findTransaction(two, moved, deps)).toEqual({ kind: 'absent' })
  })

  it('opens with an older key', () => {
    const state = makeState(NOW, 'fine', key)
    const rotated = { jar, keys: [new Uint8Array(32), key] } as const
    expect(findTransaction(state, pairOf(give(state)[0] ?? ''), rotated).kind).toBe('live')
  })

  it.each(['used', 'failed'] as const)('says afterwards how it ended: %s', (ending) => {
    const state = makeState(NOW, 'fine', key)
    const line = endTransaction(state, transaction, deps, { ...lax, ending })
    expect(findTransaction(state, pairOf(line), deps)).toEqual({ kind: ending, returnTo: '/' })
  })

  it('leaves five tabs at most: the oldest makes place', () => {
    const states = Array.from({ length: 6 }, (_, at) => makeState(NOW + at, 'fine', key))
    const pairs = states.slice(0, 5).map((state) => pairOf(give(state)[0] ?? ''))
    const [, removed = '', ...more] = give(states[5] ?? '', pairs.toReversed().join('; '))
    expect(more).toEqual([])
    expect(removed.startsWith(`${pairs[0]?.split('=')[0]}=;`)).toBe(true)
    expect(removed).toContain('Max-Age=0')
  })

  it('lets the oldest of one second make place, by the order in which browsers have them, RFC 6265 §5.4', () => {
    for (let round = 0; round < 20; round += 1) {
      const states = Array.from({ length: 6 }, () => makeState(NOW, 'fine', key))
      const pairs = states.slice(0, 5).map((state) => pairOf(give(state)[0] ?? ''))
      const [, removed = ''] = give(states[5] ?? '', pairs.join('; '))
      expect(removed.startsWith(`${pairs[0]?.split('=')[0]}=;`)).toBe(true)
    }
  })
})
