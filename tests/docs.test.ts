import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as providers from '../packages/client/src/providers/index.ts'
import { ROUTES } from '../packages/server/src/http/routes.ts'
import { GENERATED_PAGES } from '../scripts/docs/pages.ts'

const root = resolve(import.meta.dirname, '..')

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'packages/client/README.md',
  'packages/core/README.md',
  'packages/guard/README.md',
  'packages/server/README.md',
  'benchmarks/README.md',
  'examples/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
]

describe('the documentation', () => {
  it.each([...GENERATED_PAGES.keys()])('%s says what the code says (run `npm run docs`)', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(GENERATED_PAGES.get(path)?.())
  })

  it('docs/reference/endpoints.md has every address with its methods, and no other', () => {
    const routes = ROUTES.map(({ path, methods }) => [path, methods.join(', ')])
    expect(Object.fromEntries(documentedAddresses())).toEqual(Object.fromEntries(routes))
  })

  it('docs/guides/sign-in-with-any-provider.md names every provider that is known, and no other', () => {
    const text = readFileSync(join(root, 'docs/guides/sign-in-with-any-provider.md'), 'utf8')
    const [, list = ''] = /## Those that are known\n([\s\S]*?)\n\n/.exec(text) ?? []
    const { oidc: _, oauth2: __, OptionError: ___, ...known } = providers
    expect([...list.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(Object.keys(known).sort())
  })

  it.each(documents)('every relative link of %s leads somewhere', (path) => {
    const text = readFileSync(join(root, path), 'utf8').replace(/```[\s\S]*?```/g, '')
    const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)(#[^)]*)?\)/g)].map(
      ([, link]) => link ?? '',
    )
    const broken = links.filter((link) => !existsSync(resolve(root, dirname(path), link)))
    expect(broken).toEqual([])
  })
})

/** The first two columns of the table of addresses: each address, and its methods as they are written there. */
function documentedAddresses(): [path: string, methods: string][] {
  const [table = ''] = readFileSync(join(root, 'docs/reference/endpoints.md'), 'utf8').split('\n## ')
  return [...table.matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm)].flatMap(([, addresses = '', methods = '']) =>
    [...addresses.matchAll(/`([^`]+)`/g)].map(([, path = '']): [string, string] => [path, methods]),
  )
}
