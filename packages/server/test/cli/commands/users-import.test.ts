import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUser } from '../../../src/cli/commands/users-import.ts'

describe('parseUser', () => {
  it('takes claims beside email or under "claims"', () => {
    const line = { email: 'a@example.com', given_name: 'A', claims: { locale: 'en' }, roles: ['buyer'] }
    expect(parseUser(JSON.stringify(line))).toEqual({
      email: 'a@example.com',
      emailVerified: false,
      roles: ['buyer'],
      claims: { given_name: 'A', locale: 'en' },
    })
  })

  it.each([
    ['', 'JSON object'],
    ['[]', 'JSON object'],
    ['null', 'JSON object'],
    ['{"email":1}', 'email'],
    ['{"email":"a@b","password":1}', 'password'],
    ['{"email":"a@b","password_hash":1}', 'password_hash'],
    ['{"email":"a@b","password":"x","password_hash":"y"}', 'not both'],
    ['{"email":"a@b","email_verified":"yes"}', 'email_verified'],
    ['{"email":"a@b","roles":"admin"}', 'roles'],
    ['{"email":"a@b","claims":[]}', 'claims'],
  ])('says what is wrong with %s', (text, says) => {
    expect(parseUser(text)).toContain(says)
  })

  it('never throws, and never repeats the line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const result = parseUser(`${text}secret-in-the-line`)
        if (typeof result === 'string') expect(result).not.toContain('secret-in-the-line')
      }),
    )
  })
})
