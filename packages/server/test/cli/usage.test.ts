import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { doorward, temporaryFolder } from './doorward.ts'

const WRONG: readonly (readonly [line: readonly string[], says: string])[] = [
  [[], 'Usage: doorward'],
  [['users'], 'Usage: doorward users'],
  [['nonsense'], "unknown command 'nonsense'"],
  [['audit', 'tail'], "unknown command 'audit'"],
  [['users', 'list', '--nonsense'], "unknown option '--nonsense'"],
  [['users', 'show'], "missing required argument 'user'"],
  [['users', 'show', 'a@example.com', 'b@example.com'], 'too many arguments'],
  [['users', 'create'], "'--email <email>' not specified"],
  [['users', 'create', '--email', 'a@example.com', '--set', 'given_name'], 'name=value'],
  [['users', 'list', '--limit', '0'], 'whole number'],
  [['clients', 'create', '--name', 'x', '--auth-method', 'tls'], 'Allowed choices are'],
  [['clients', 'create', '--name', 'x', '--grant', 'implicit'], 'authorization_code'],
  [['clients', 'create', '--name', 'x', '--pkce', 'plain'], 'required, optional'],
  [['resources', 'create', 'https://api.example.com', '--access-token-lifetime', 'soon'], '90s, 10m, 1h'],
  [['resources', 'create', 'https://api.example.com', '--signing-alg', 'HS256'], 'ES256, RS256, EdDSA'],
  [['roles', 'allow', 'buyer', '--resource', 'https://api.example.com'], '--permission'],
  [['start', '--port', '70000'], '0 to 65535'],
  [['start', '--workers', '0'], '1 to 64, or auto'],
  [['start', '--workers', '65'], '1 to 64, or auto'],
  [['start', '--issuer', 'http://id.example.com'], 'must be https'],
  [['start', '--issuer', 'https://id.example.com/'], 'must not end in a slash'],
  [['start', '--trust-proxy', '0.0.0.0/0'], 'trusts every address'],
  [['start', '--allow-private-host', '10.0.0.5'], 'host:port'],
]

describe('a command that is written wrongly', async () => {
  const cwd = await temporaryFolder()

  it.each(WRONG)('doorward %j: exit code 2, and says on stderr what is wrong', async (line, says) => {
    const { code, stdout, stderr } = await doorward(line, { cwd })
    expect(stderr).toContain(says)
    expect(stdout).toBe('')
    expect(code).toBe(2)
    expect(await readdir(cwd)).toEqual([])
  })
})

describe('what can be seen only with the database', async () => {
  const cwd = await temporaryFolder()

  it('roles grant needs exactly one holder', async () => {
    const neither = await doorward(['roles', 'grant', 'buyer'], { cwd })
    const both = await doorward(['roles', 'grant', 'buyer', '--user', 'a@example.com', '--client', 'c'], {
      cwd,
    })
    for (const { code, stderr } of [neither, both]) {
      expect(stderr).toBe('error: Say who: either --user or --client.\n')
      expect(code).toBe(2)
    }
  })

  it('users set-password without a terminal needs --password-stdin, and something on it', async () => {
    const created = await doorward(['users', 'create', '--email', 'a@example.com'], { cwd })
    expect(created.code).toBe(0)
    const unsaid = await doorward(['users', 'set-password', 'a@example.com'], {
      cwd,
      input: 'long enough it is',
    })
    expect(unsaid.stderr).toContain('--password-stdin')
    expect(unsaid.code).toBe(2)
    const empty = await doorward(['users', 'set-password', 'a@example.com', '--password-stdin'], { cwd })
    expect(empty.stderr).toContain('No password came in')
    expect(empty.code).toBe(2)
  })
})
