import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../support/port.ts'
import { repositoryRoot, run, start } from '../support/process.ts'

describe('npm run example separate-api', () => {
  it('guards a Fastify and a Hono API against a Doorward of its own process, by the lines it prints', async () => {
    const data = await mkdtemp(join(tmpdir(), 'doorward-example-'))
    onTestFinished(() => rm(data, { recursive: true, force: true }))
    const env = {
      npm_command: 'run',
      DOORWARD_DATA: data,
      PORT: String(await freePort()),
      FASTIFY_PORT: String(await freePort()),
      HONO_PORT: String(await freePort()),
    }
    const args = ['--conditions=@doorward/source', 'scripts/example.ts', 'separate-api']
    const running = start(process.execPath, args, { cwd: repositoryRoot, env })
    onTestFinished(async () => void (await running.end('SIGTERM')))
    await running.line(/Ctrl-C stops everything/)
    const lines = running
      .output()
      .split('\n')
      .filter((line) => /^ {2}(?:CODE=|TOKEN=|curl )/.test(line))
    const { stdout } = await run('bash', ['-c', lines.map((line) => `${line}; echo`).join('\n')])
    expect(stdout).toContain('{"message":"Fastify: the orders of orders@example.com"}')
    expect(stdout).toContain('{"message":"Hono: the orders of orders@example.com"}')
    expect(stdout.match(/403 Forbidden/g)).toHaveLength(2)
    expect(await running.end('SIGINT')).toBe(0)
    for (const port of [env.PORT, env.FASTIFY_PORT, env.HONO_PORT]) {
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
    }
  })
})

describe('npm run example', () => {
  it.each([[], ['nonsense']])('lists the examples where the name is missing or unknown', async (...names) => {
    const { code, stderr } = await run(process.execPath, ['scripts/example.ts', ...names], {
      cwd: repositoryRoot,
    })
    expect(code).toBe(2)
    expect(stderr).toContain('npm run example protected-api')
    expect(stderr).toContain('npm run example separate-api')
  })
})
