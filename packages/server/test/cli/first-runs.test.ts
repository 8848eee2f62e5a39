import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doorwardBin, start } from '../../../../tests/support/process.ts'
import { cliOn, temporaryFolder } from './doorward.ts'

const folder = await temporaryFolder()

describe('several first runs on one empty folder at once', () => {
  it('all succeed, servers and commands alike', async () => {
    const cli = cliOn(folder, ['--data', 'shared'])
    const servers = [1, 2].map(() => {
      const args = [doorwardBin, 'start', '--port', '0', '--data', 'shared']
      return start(process.execPath, args, { cwd: folder, env: { npm_command: 'test' } })
    })
    const emails = ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`)
    const commands = emails.map((email) => cli.run(['users', 'create', '--email', email]))
    const issuers = await Promise.all(servers.map((server) => server.line(/ready at (\S+)/)))
    for (const { code, stderr } of await Promise.all(commands)) {
      expect(stderr).not.toMatch(/^error/)
      expect(code).toBe(0)
    }
    expect(await cli.json(['users', 'list'])).toHaveLength(4)
    const keySets = issuers.map(async ([, issuer]) => (await fetch(`${issuer}/oauth/jwks`)).text())
    await expect.poll(async () => new Set(await Promise.all(keySets)).size).toBe(1)
    for (const server of servers) expect(await server.end('SIGTERM')).toBe(0)
  })
})

describe('under npm', () => {
  it('the server drains and exits when its parent goes, since npm does not hand SIGTERM on', async () => {
    const pidFile = join(folder, 'pid')
    // A shell between, as npm has one; it writes down the server's process and waits.
    const script = `"${process.execPath}" "${doorwardBin}" start --port 0 --data npm & echo $! > "${pidFile}"; wait`
    await writeFile(join(folder, 'script.sh'), script)
    const shell = start('/bin/sh', [join(folder, 'script.sh')], { cwd: folder, env: { npm_command: 'exec' } })
    await shell.line(/ready at/)
    const pid = Number(await readFile(pidFile, 'utf8'))
    expect(isRunning(pid)).toBe(true)
    shell.child.kill('SIGKILL')
    await once(shell.child, 'exit')
    await expect.poll(() => isRunning(pid), { timeout: 15_000 }).toBe(false)
    expect(shell.output()).toContain('server.stopped')
  })
})

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
