import { describe, expect, it } from 'vitest'
import { shieldDashedIds } from '../../src/cli/dashed-ids.ts'
import { createProgram } from '../../src/cli/program.ts'
import { doorward, temporaryFolder } from './doorward.ts'

const program = createProgram()
const id = '-hGcuvkSuIpYynrn2E2lLA'
const kid = '--qxJbyU-jGTVyxjNDS8_J79BR9oWaCVs1jy1lqzRpM'

describe('shieldDashedIds', () => {
  it.each([
    [
      ['clients', 'show', id, '--json'],
      ['clients', 'show', '--json', '--', id],
    ],
    [
      ['keys', 'compromise', kid, '--yes'],
      ['keys', 'compromise', '--yes', '--', kid],
    ],
    [
      ['clients', 'show', '--json', '--', id],
      ['clients', 'show', '--json', '--', id],
    ],
    [
      ['roles', 'grant', 'buyer', '--client', id],
      ['roles', 'grant', 'buyer', '--client', id],
    ],
    [
      ['clients', 'list', '--after', id],
      ['clients', 'list', '--after', id],
    ],
    [
      ['users', 'create', '--email-verified'],
      ['users', 'create', '--email-verified'],
    ],
    [
      ['users', 'list', '--nonsense'],
      ['users', 'list', '--nonsense'],
    ],
  ])('%j', (argv, shielded) => {
    expect(shieldDashedIds(argv, program)).toEqual(shielded)
  })
})

describe('an id that begins with a dash', async () => {
  const cwd = await temporaryFolder()

  it('is an id, not an option', async () => {
    const { code, stderr } = await doorward(['clients', 'show', id], { cwd })
    expect(stderr).toBe('error: There is no client by this id.\n')
    expect(code).toBe(1)
  })
})
