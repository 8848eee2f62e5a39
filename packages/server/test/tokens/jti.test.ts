import { expect, it } from 'vitest'
import { clientJti, familyJti, familyOf } from '../../src/tokens/jti.ts'

it('the jti of a family’s token names the family, that of a client’s own token none', () => {
  expect(familyOf(familyJti('a_family-id'))).toBe('a_family-id')
  expect(familyOf(clientJti())).toBeNull()
  expect(familyJti('f')).not.toBe(familyJti('f'))
})
