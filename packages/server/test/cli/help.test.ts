import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { doorward, temporaryFolder } from './doorward.ts'

/** Every command line that does something, found in the program itself. */
const leaves = createProgram().commands.flatMap((group) =>
  group.commands.length === 0
    ? [[group.name()]]
    : group.commands.map((command) => [group.name(), command.name()]),
)

describe('the commands', () => {
  it('are the ones that there are, and none that is still to come', () => {
    const names = leaves.map((words) => words.join(' '))
    expect(names).toEqual([
      'start',
      ...['create', 'list', 'show', 'set-password', 'disable', 'enable', 'delete', 'import'].map(
        (verb) => `users ${verb}`,
      ),
      ...['create', 'list', 'show', 'delete', 'rotate-secret'].map((verb) => `clients ${verb}`),
      ...['create', 'list', 'show', 'delete'].map((verb) => `resources ${verb}`),
      ...['create', 'allow', 'grant', 'revoke', 'list'].map((verb) => `roles ${verb}`),
      ...['list', 'rotate', 'compromise'].map((verb) => `keys ${verb}`),
      'migrate',
      'sweep',
      'backup',
    ])
  })
})

describe('--help', async () => {
  const cwd = await temporaryFolder()

  it.each(leaves.map((words) => [words.join(' '), words] as const))(
    '%s: says what it takes, with examples, and touches nothing',
    async (_name, words) => {
      const { code, stdout, stderr } = await doorward([...words, '--help'], { cwd })
      expect(stderr).toBe('')
      expect(code).toBe(0)
      expect(stdout).toContain(`Usage: doorward ${words.join(' ')}`)
      for (const flag of ['--data <dir>', '--database-url <url>', '--json']) expect(stdout).toContain(flag)
      expect(stdout).toMatch(/\nExamples:\n {2}\$ doorward /)
      expect(await readdir(cwd)).toEqual([])
    },
  )

  it('lists the commands, and --version says the version', async () => {
    const [help, version] = await Promise.all([doorward(['--help']), doorward(['--version'])])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('Commands:')
    expect(version.code).toBe(0)
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
