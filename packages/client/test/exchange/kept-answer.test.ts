import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { keepAnswer, openKeptAnswer } from '../../src/exchange/kept-answer.ts'

const key = () => Buffer.from(randomToken(), 'base64url')
const [own, older] = [key(), key()]
const keeping = { keys: [own, older] as const, provider: 'apple', now: 1000 }
const form = new URLSearchParams({ state: 's', code: 'c ü', user: '{"name":{}}', id_token: 'ey' })
const sealed = keepAnswer(form, keeping) ?? ''

describe('an answer that is kept', () => {
  it('comes back within a minute, without what nobody reads', () => {
    const opened = openKeptAnswer(sealed, { ...keeping, now: 1059 })
    expect([...(opened ?? [])]).toEqual([...form].filter(([name]) => name !== 'id_token'))
    expect(openKeptAnswer(sealed, { ...keeping, keys: [older, own] })?.get('code')).toBe('c ü')
  })

  it('that says something twice still does', () => {
    const twice = keepAnswer(new URLSearchParams('state=a&state=b'), keeping) ?? ''
    expect(openKeptAnswer(twice, keeping)?.getAll('state')).toEqual(['a', 'b'])
  })

  it.each([
    ['a minute later', sealed, { now: 1060 }],
    ['at another provider', sealed, { provider: 'other' }],
    ['under another secret', sealed, { keys: [older] as const }],
    ['changed', `${sealed.slice(0, -2)}xx`, {}],
    ['empty', '', {}],
  ])('does not come back %s', (_title, text, changes) => {
    expect(openKeptAnswer(text, { ...keeping, ...changes })).toBeNull()
  })

  it('is not kept where it is too long for an address', () => {
    expect(keepAnswer(new URLSearchParams({ code: 'x'.repeat(6000) }), keeping)).toBeNull()
  })
})
