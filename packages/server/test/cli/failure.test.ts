import { OAuthError } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { CommandError, explain, WRONG_USAGE } from '../../src/cli/failure.ts'
import { ConfigError } from '../../src/config/errors.ts'
import { InputError } from '../../src/identity/input-error.ts'
import { StorageError } from '../../src/storage/storage-error.ts'

const systemError = (code: string) => Object.assign(new Error(`${code}: open`), { code, path: 'users.jsonl' })

describe('explain', () => {
  it.each([
    [new InputError('taken', 'email', 'It is taken.'), 'It is taken.'],
    [new ConfigError('issuer', 'Set the issuer.'), 'Set the issuer.'],
    [new StorageError('full', 'The disk is full.'), 'The disk is full.'],
    [
      new OAuthError('invalid_client_metadata', 'jwks is missing.', { reason: 'internal' }),
      'jwks is missing.',
    ],
    [systemError('ENOENT'), 'users.jsonl does not exist. Check the path.'],
    [systemError('EACCES'), 'users.jsonl may not be opened by this user. Check its permissions.'],
    [new Error('boom'), 'Something failed: boom'],
    ['boom', 'Something failed, and nothing says what.'],
  ])('%s: exit code 1, in words', (cause, text) => {
    expect(explain(cause)).toEqual({ text, exitCode: 1 })
  })

  it('keeps the exit code that a command chose', () => {
    expect(explain(new CommandError(WRONG_USAGE, 'Say who.'))).toEqual({ text: 'Say who.', exitCode: 2 })
  })
})
