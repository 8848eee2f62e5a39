import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repositoryRoot } from './support/process.ts'
import { type Block, blocksOf, startSession } from './support/readme-session.ts'

/*
 * How the README is tested. Its ```sh blocks run in order, in one shell, in a fresh copy of the repository:
 *   ```sh                      must succeed
 *   ```sh until="text"         keeps running in the background; the next block waits until it has printed text
 *   ```sh prints="text"        must succeed and print text
 *   ```ts file="path"          is written to path before the next block
 * A block that is not run would be a promise nobody keeps: ```sh no-test is refused.
 */

const withoutInstalled = (path: string): boolean =>
  !['node_modules', 'dist', '.git', '.doorward', '.tmp'].includes(basename(path))

const performAll = async (blocks: readonly Block[], folder: string): Promise<void> => {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    npm_config_prefer_offline: 'true',
  }
  const session = startSession(folder, env)
  try {
    for (const block of blocks) await session.perform(block)
  } finally {
    await session.end()
  }
}

describe('the README', () => {
  it('works as it is written, command by command, in a fresh clone', { timeout: 240_000 }, async () => {
    const blocks = blocksOf(await readFile(join(repositoryRoot, 'README.md'), 'utf8'))
    const shell = blocks.filter(({ language }) => language === 'sh')
    expect(shell.length).toBeGreaterThan(3)
    for (const block of shell)
      expect([...block.attributes.keys()], `line ${block.line}`).not.toContain('no-test')
    const others = blocks.filter(({ language }) => ['bash', 'shell', 'console', 'zsh'].includes(language))
    expect(others, 'shell blocks are ```sh, so that they are run').toEqual([])

    const parent = await mkdtemp(join(tmpdir(), 'doorward-readme-'))
    const clone = join(parent, 'doorward')
    try {
      await cp(repositoryRoot, clone, { recursive: true, filter: withoutInstalled })
      await performAll(blocks, clone)
    } finally {
      await rm(parent, { recursive: true, force: true })
    }
  })
})

describe('how documents are run', () => {
  const inFolder = async (markdown: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'doorward-blocks-'))
    try {
      await performAll(blocksOf(markdown), folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  const fence = '```'

  it('blocks share one shell: variables, files and background work carry on', async () => {
    await inFolder(
      [
        `${fence}js file="say.mjs"\nconsole.log('hello from ' + process.argv[2])\n${fence}`,
        `${fence}sh\nNAME=first\n${fence}`,
        `${fence}sh prints="hello from first"\nnode say.mjs "$NAME"\n${fence}`,
        `${fence}sh until="listening"\nnode -e "console.log('listening'); setInterval(() => {}, 1000)"\n${fence}`,
        `${fence}sh\ntest -f say.mjs\n${fence}`,
      ].join('\n\n'),
    )
  })

  it('a failure ends the run at once, whatever still runs in the background', async () => {
    const background = `${fence}sh until="up"\necho up; exec sleep 300\n${fence}`
    await expect(inFolder(`${background}\n\n${fence}sh\nfalse\n${fence}`)).rejects.toThrow('line 5')
  })

  it.each([
    ['a command that fails', 'sh', 'false\necho never'],
    ['a failure in the middle of a pipe', 'sh', 'false | cat'],
    ['output that lacks what it promises', 'sh prints="42"', 'echo 41'],
    ['a background command that ends before it is ready', 'sh until="ready"', 'exit 3'],
    ['an unset variable', 'sh', 'echo "$NEVER_SET"'],
  ])('%s is a failure', async (_title, info, text) => {
    await expect(inFolder(`${fence}${info}\n${text}\n${fence}`)).rejects.toThrow()
  })
})
