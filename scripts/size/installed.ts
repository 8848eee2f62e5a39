import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What stands in a node_modules folder. */
export type Installed = {
  /** Where each package is, from the folder: `pg`, `@hono/node-server`, `a/node_modules/b`. */
  readonly packages: readonly string[]
  /** The sum of the files' own sizes; what a file system rounds up to is its affair. */
  readonly bytes: number
}

/** Counts a node_modules folder, packages inside packages included. A link counts as nothing. */
export function readInstalled(folder: string): Installed {
  return { packages: packagesIn(folder).toSorted(), bytes: bytesIn(folder) }
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
}

function packagesIn(folder: string): readonly string[] {
  return foldersIn(folder).flatMap((name) => {
    const names = name.startsWith('@')
      ? foldersIn(join(folder, name)).map((inner) => `${name}/${inner}`)
      : [name]
    return names.flatMap((own) => {
      const nested = join(folder, own, 'node_modules')
      const inside = existsSync(nested) ? packagesIn(nested) : []
      return [own, ...inside.map((other) => `${own}/node_modules/${other}`)]
    })
  })
}

function bytesIn(folder: string): number {
  let sum = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += bytesIn(path)
    else if (entry.isFile()) sum += lstatSync(path).size
  }
  return sum
}
