/** Preloaded beside a program: as it ends, it says on stdout which packages its modules came from. */
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'

const packages = new Set<string>()

registerHooks({
  load(url, context, nextLoad) {
    const name = url.match(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/)?.[1]
    if (name !== undefined) packages.add(name)
    return nextLoad(url, context)
  },
})

process.on('exit', () => writeSync(1, `packages: ${[...packages].sort().join(' ')}\n`))
