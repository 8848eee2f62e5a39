import { describe, expect, it } from 'vitest'
import { memberFromText } from '../../../src/cli/wire/client-members.ts'

describe('memberFromText (RFC 7591 §2)', () => {
  it.each([
    ['client_uri', 'https://example.com', 'https://example.com'],
    ['software_version', '2', '2'],
    ['contacts', 'a@example.com  b@example.com', ['a@example.com', 'b@example.com']],
    ['contacts', '["a@example.com"]', ['a@example.com']],
    ['default_max_age', '60', 60],
    ['require_auth_time', 'true', true],
    ['require_auth_time', 'false', false],
    ['jwks', '{"keys":[]}', { keys: [] }],
    ['client_name#ja', '店', '店'],
    ['constructor', 'x', 'x'],
  ])('%s=%s', (name, text, value) => {
    expect(memberFromText(name, text)).toEqual(value)
  })

  it.each([
    ['default_max_age', 'soon'],
    ['require_auth_time', 'yes'],
    ['jwks', '{'],
    ['contacts', '['],
  ])('leaves %s=%s a text, for the registration to refuse by its name', (name, text) => {
    expect(memberFromText(name, text)).toBe(text)
  })
})
