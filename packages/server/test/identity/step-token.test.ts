import { describe, expect, it } from 'vitest'
import { openStep, STEP_LIFETIME, type Step, sealStep } from '../../src/identity/step-token.ts'

const NOW = 1_800_000_000
const key = new Uint8Array(32).fill(1)
const request = new URLSearchParams({ client_id: 'a', state: 'x' })
const step: Step = { done: ['login', 'select'], sid: 'sid_-1' }

describe('step token', () => {
  it('says what was done for a request, and by which session', () => {
    expect(openStep(key, sealStep(key, step, request, NOW), request, NOW + 1)).toEqual(step)
    const nobody = { done: ['select'], sid: null } as const
    expect(openStep(key, sealStep(key, nobody, request, NOW), request, NOW)).toEqual(nobody)
  })

  it('keeps nothing but the session once it has expired', () => {
    const token = sealStep(key, step, request, NOW)
    expect(openStep(key, token, request, NOW + STEP_LIFETIME - 1)?.done).toEqual(['login', 'select'])
    expect(openStep(key, token, request, NOW + STEP_LIFETIME)).toEqual({ done: [], sid: 'sid_-1' })
  })

  it('is worth nothing for another request or under another key', () => {
    const token = sealStep(key, step, request, NOW)
    expect(openStep(key, token, new URLSearchParams({ client_id: 'a', state: 'y' }), NOW)).toBeNull()
    expect(openStep(new Uint8Array(32), token, request, NOW)).toBeNull()
  })

  it('cannot be forged: any changed character closes it', () => {
    const token = sealStep(key, step, request, NOW)
    for (let at = 0; at < token.length; at++) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
      expect(openStep(key, changed, request, NOW)).toBeNull()
    }
    for (const junk of ['', '.', '...', 'login.sid.9999999999.', 'null']) {
      expect(openStep(key, junk, request, NOW)).toBeNull()
    }
  })
})
