import { execFile } from 'node:child_process'
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = ['docs/**/*.md', 'packages/client/README.md']

type Block = { readonly name: string; readonly source: string }

/**
 * A block as a module of its own, its lines where they are in the page. One that begins with `// before` shows another
 * library and is left out; one that is a property (`name: …,`) stands for one of the client's options; `…,` in an
 * object stands for the options before; whatever else it does not make or import is in `preamble.ts`.
 */
const moduleOf = (text: string): string | null => {
  if (text.startsWith('// before')) return null
  const whole = text.replace(/^(\s*)…,$/m, '$1...options,')
  return /^\w+: /.test(whole)
    ? `const _: Partial<import('@doorward/client').ClientOptions> = {${whole.trimEnd()}}\n`
    : whole
}

const blocksOf = (page: string, markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].flatMap((match) => {
    const module = moduleOf(match[1] ?? '')
    if (module === null) return []
    const line = markdown.slice(0, match.index).split('\n').length
    return [{ name: `${page.replaceAll('/', '_')}_${line}.ts`, source: '\n'.repeat(line) + module }]
  })

const aboutTheClient = (markdown: string): boolean => /@doorward\/client|createClient/.test(markdown)

let folder: string
let blocks: readonly Block[]

beforeAll(async () => {
  await mkdir(join(root, '.tmp'), { recursive: true })
  folder = await mkdtemp(join(root, '.tmp', 'docs-'))
  const found: Block[] = []
  for await (const page of glob(pages, { cwd: root })) {
    const markdown = await readFile(join(root, page), 'utf8')
    if (aboutTheClient(markdown)) found.push(...blocksOf(page, markdown))
  }
  blocks = found
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the TypeScript that the documentation shows', () => {
  it('compiles as it stands, under the strictest settings', async () => {
    expect(blocks.length).toBeGreaterThan(15)
    await Promise.all(blocks.map(({ name, source }) => writeFile(join(folder, name), source)))
    const settings = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ['*.ts', '../../tests/docs/preamble.ts'],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const compiler = join(root, 'node_modules', '.bin', 'tsc')
    const { stdout } = await promisify(execFile)(compiler, ['-p', folder, '--pretty', 'false']).catch(
      (failed: { readonly stdout: string }) => failed,
    )
    // Each line names page and line.
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([])
  })
})
