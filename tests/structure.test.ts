import { describe, expect, it } from 'vitest'
import { checkCircles, checkDirection } from '../scripts/structure/direction.ts'
import {
  checkDependencies,
  checkLengths,
  checkNames,
  checkPurity,
  checkReadmes,
} from '../scripts/structure/files.ts'
import { importsOf } from '../scripts/structure/imports.ts'

const entries = new Map([
  ['doorward', 'packages/server/src/index.ts'],
  ['@doorward/guard', 'packages/guard/src/index.ts'],
  ['@doorward/core/crypto', 'packages/core/src/crypto/index.ts'],
])
const server = 'packages/server/src'

const rulesBrokenBy = (path: string, text: string): readonly string[] =>
  checkDirection(importsOf(path, text, entries)).map(({ rule }) => rule)

describe('the import graph', () => {
  it('is read from statements, re-exports and dynamic imports, not from comments', () => {
    const text = [
      "// import { a } from './commented.ts'",
      "import { a, type B } from './named.ts'",
      "import type { C } from '../type.ts'",
      "export * from './again.ts'",
      "import './effect.ts'",
      "import {\n  long,\n} from 'pg/lib/x.js'",
      "const later = await import('@doorward/core/crypto')",
      "const address = 'https://x.example/' // import './no.ts'",
    ].join('\n')
    expect(importsOf('packages/server/src/a/b.ts', text, entries)).toEqual([
      { from: `${server}/a/b.ts`, to: `${server}/a/named.ts`, typeOnly: false },
      { from: `${server}/a/b.ts`, to: `${server}/type.ts`, typeOnly: true },
      { from: `${server}/a/b.ts`, to: `${server}/a/again.ts`, typeOnly: false },
      { from: `${server}/a/b.ts`, to: `${server}/a/effect.ts`, typeOnly: false },
      { from: `${server}/a/b.ts`, to: 'npm:pg', typeOnly: false },
      { from: `${server}/a/b.ts`, to: 'packages/core/src/crypto/index.ts', typeOnly: false },
    ])
  })

  it.each([
    ['packages/core/src/a.ts', "import 'zod'", /^core knows nobody/],
    ['packages/core/src/a.ts', "import 'doorward'", /^core knows nobody/],
    ['packages/core/src/a.ts', "import { readFile } from 'node:fs/promises'", /^core does no IO/],
    ['packages/core/src/jwt/a.ts', "import { createHash } from 'node:crypto'", /^only core\/crypto/],
    [`${server}/a.ts`, "import { createHash } from 'node:crypto'", /^only core\/crypto/],
    ['packages/guard/src/a.ts', "import { createDoorward } from 'doorward'", /^nothing imports the server/],
    [
      'packages/client/src/a.ts',
      "import { requireToken } from '@doorward/guard'",
      /^the client knows core alone/,
    ],
    ['packages/client/src/a.ts', "import { createDoorward } from 'doorward'", /^the client knows core alone/],
    ['packages/client/src/a.ts', "import pg from 'pg'", /^the client knows databases in its stores alone/],
    ['packages/client/src/a.ts', "import express from 'express'", /^the client knows no framework/],
    ['packages/client/src/providers/a.ts', "import '../exchange/sign-in.ts'", /^providers are data/],
    ['packages/client/src/exchange/a.ts', "import '../create-client.ts'", /^only create-client.ts wires/],
    [`${server}/a.ts`, "import '../../../tests/support/agent.ts'", /^sources import no tests/],
    [`${server}/endpoints/token.ts`, "import '../storage/sqlite.ts'", /knows a concrete database$/],
    [`${server}/endpoints/token.ts`, "import 'kysely'", /^SQL and drivers/],
    [`${server}/endpoints/token.ts`, "import './userinfo.ts'", /^no sideways import/],
    [`${server}/endpoints/token.ts`, "import { app } from '../http/app.ts'", /^endpoints are given/],
    [`${server}/policy/scopes.ts`, "import { find } from '../storage/clients.ts'", /^policy is pure/],
    [`${server}/pages/error.ts`, "import { find } from '../identity/claims.ts'", /^pages are pure/],
    [`${server}/storage/codes.ts`, "import '../http/body.ts'", /^storage knows/],
    [`${server}/grants/refresh-token.ts`, "import { page } from '../pages/error.ts'", /^grants know neither/],
    [`${server}/identity/a.ts`, "import '../grants/refresh-token.ts'", /^what grants use/],
    [`${server}/http/app.ts`, "import '../cli/start.ts'", /^nothing imports a command/],
    ['tests/flows/a.test.ts', "import '../../benchmarks/src/row.ts'", /^nothing imports benchmarks/],
    ['benchmarks/src/contenders/a/index.ts', "import 'oidc-provider'", /^a peer is imported by a server/],
    ['benchmarks/src/report/table.ts', "import 'node:fs'", /^what judges and reports of benchmarks is pure/],
  ])('%s may not %s', (path, text, rule) => {
    expect(rulesBrokenBy(path, text)).toEqual(expect.arrayContaining([expect.stringMatching(rule)]))
  })

  it.each([
    ['packages/core/src/crypto/hash.ts', "import { createHash } from 'node:crypto'"],
    [`${server}/main.ts`, "import { openStorage } from './storage/open.ts'"],
    [`${server}/storage/open.ts`, "import { SqliteRunner } from './sqlite.ts'"],
    ['packages/client/src/stores/sqlite.ts', "import { DatabaseSync } from 'node:sqlite'"],
    [`${server}/endpoints/authorization/a.ts`, "import './load.ts'"],
    [`${server}/policy/scopes.ts`, "import type { Client } from '../storage/records.ts'"],
    ['tests/flows/code.test.ts', "import { createDoorward } from 'doorward'"],
    ['tests/benchmarks/a.test.ts', "import '../../benchmarks/src/row.ts'"],
    ['benchmarks/src/contenders/a/servers/a.ts', "import 'oidc-provider'"],
  ])('%s may %s', (path, text) => {
    expect(rulesBrokenBy(path, text)).toEqual([])
  })

  it('has no circle at run time; types may refer to each other', () => {
    const circle = (again: string) => [
      ...importsOf(`${server}/a.ts`, "import { b } from './b.ts'", entries),
      ...importsOf(`${server}/b.ts`, again, entries),
    ]
    expect(checkCircles(circle("import { a } from './a.ts'"))).toHaveLength(1)
    expect(checkCircles(circle("import type { A } from './a.ts'"))).toEqual([])
  })
})

describe('the files', () => {
  const file = (path: string, lines: number) => ({ path, text: 'x\n'.repeat(lines) })

  it('are short: 300 lines, tests 500', () => {
    const files = [file('packages/core/src/a.ts', 301), file('packages/core/src/b.ts', 300)]
    const tests = [file('packages/core/test/a.test.ts', 501), file('tests/b.test.ts', 500)]
    expect(checkLengths([...files, ...tests]).map(({ path }) => path)).toEqual([
      'packages/core/src/a.ts',
      'packages/core/test/a.test.ts',
    ])
  })

  it('more than three in a folder need a README of at most 15 lines', () => {
    const four = ['a', 'b', 'c', 'd'].map((name) => file(`${server}/keys/${name}.ts`, 1))
    expect(checkReadmes(four)).toHaveLength(1)
    expect(checkReadmes([...four, file(`${server}/keys/README.md`, 16)])).toHaveLength(1)
    expect(checkReadmes([...four, file(`${server}/keys/README.md`, 15)])).toEqual([])
    expect(checkReadmes(four.slice(1))).toEqual([])
  })

  it('are named by what they are', () => {
    expect(checkNames([file(`${server}/utils/a.ts`, 1), file(`${server}/keys/helpers.ts`, 1)])).toHaveLength(
      2,
    )
    expect(checkNames([file(`${server}/keys/rotation.ts`, 1)])).toEqual([])
  })

  it('of core take time and randomness as arguments', () => {
    const text = 'export const now = () => Date.now()\n'
    expect(checkPurity([{ path: 'packages/core/src/a.ts', text }])).toHaveLength(1)
    expect(checkPurity([{ path: 'packages/core/src/a.ts', text: '// never Date.now()\n' }])).toEqual([])
    expect(checkPurity([{ path: `${server}/main.ts`, text }])).toEqual([])
  })

  it('import only npm packages that their package lists', () => {
    const listed = new Map([['packages/server', new Set(['hono'])]])
    const imports = importsOf(`${server}/a.ts`, "import 'hono/html'\nimport 'zod'", entries)
    expect(checkDependencies(imports, listed).map(({ detail }) => detail)).toEqual([
      expect.stringContaining('zod'),
    ])
  })
})
