import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrompt } from '../src/prompt.ts'
import { anyText } from './any-text.ts'
import { expectRefusal, expectTyped } from './refusal.ts'

describe('parsePrompt', () => {
  it.each([
    [null, []],
    ['none', ['none']],
    ['login', ['login']],
    ['login consent', ['login', 'consent']],
    ['select_account login', ['select_account', 'login']],
    ['login login', ['login']],
  ])('reads %j, OpenID Connect Core §3.1.2.1', (text, prompts) => {
    expect([...parsePrompt(text)]).toEqual(prompts)
  })

  it.each(['none login', 'consent none', 'login none consent'])(
    'refuses none beside another value: %s, OpenID Connect Core §3.1.2.1',
    (text) => expectRefusal(() => parsePrompt(text), 'invalid_request', 'prompt_none_combined'),
  )

  it.each(['', ' ', 'create', 'Login', 'login  consent', 'login,consent', 'none\u0000'])(
    'refuses the unknown value in %j',
    (text) => expectRefusal(() => parsePrompt(text), 'invalid_request', 'prompt_unknown'),
  )

  it('takes none twice as none', () => {
    expect([...parsePrompt('none none')]).toEqual(['none'])
  })

  it('whatever text comes in, it is read or refused as invalid_request', () => {
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parsePrompt(text))))
  })
})
