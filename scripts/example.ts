import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** `npm run example NAME`: runs examples/NAME/demo.ts, or says which examples there are. */

const folder = new URL('../examples/', import.meta.url)
const names = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
const [, , name, ...rest] = process.argv

if (name === undefined || !names.includes(name)) {
  const list = names.sort().map((known) => `  npm run example ${known}`)
  console.error(
    `${name === undefined ? 'Which example?' : 'There is no such example.'} These exist:\n${list.join('\n')}`,
  )
  process.exitCode = 2
} else {
  const file = new URL(`${name}/demo.ts`, folder)
  // protected-api has a second form, which npm start shows: the API on a port of its own.
  process.argv = [process.argv[0] ?? 'node', fileURLToPath(file), '--mounted', ...rest]
  await import(file.href)
}
