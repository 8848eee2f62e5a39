import { describe, expect, it } from 'vitest'
import { makeState, readState, SIGN_IN_SECONDS, stateId } from '../../src/exchange/state.ts'

const key = new Uint8Array(32).fill(1)
const other = new Uint8Array(32).fill(2)
const NOW = 1_800_000_000

describe('state', () => {
  it.each(['fine', 'other_host', 'plain_http'] as const)(
    'remembers that all was %s at the start',
    (circumstances) => {
      const state = makeState(NOW, circumstances, key)
      expect(readState(state, [key], NOW + 5)).toEqual({ kind: 'live', circumstances })
    },
  )

  it('is never the same twice, RFC 6749 §10.12', () => {
    expect(makeState(NOW, 'fine', key)).not.toBe(makeState(NOW, 'fine', key))
  })

  it('expires, and is not from the future', () => {
    const state = makeState(NOW, 'fine', key)
    expect(readState(state, [key], NOW + SIGN_IN_SECONDS).kind).toBe('live')
    expect(readState(state, [key], NOW + SIGN_IN_SECONDS + 1).kind).toBe('expired')
    expect(readState(state, [key], NOW - 61).kind).toBe('expired')
  })

  it('is read with an older key too, and with no other', () => {
    const state = makeState(NOW, 'fine', key)
    expect(readState(state, [other, key], NOW).kind).toBe('live')
    expect(readState(state, [other], NOW).kind).toBe('unknown')
  })

  it('is unknown once a character is changed, or where there is nothing to read', () => {
    const state = makeState(NOW, 'fine', key)
    for (let at = 0; at < state.length; at += 1) {
      const changed = state.slice(0, at) + (state[at] === 'h' ? 'a' : 'h') + state.slice(at + 1)
      expect(readState(changed, [key], NOW).kind).toBe('unknown')
    }
    for (const text of ['', 'a', state.slice(1), `${state}a`])
      expect(readState(text, [key], NOW).kind).toBe('unknown')
  })

  it('has an id that sorts by time, for cookies', () => {
    expect(stateId(makeState(NOW, 'fine', key)) < stateId(makeState(NOW + 1, 'fine', key))).toBe(true)
  })
})
