import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from './errors.ts'

/**
 * What a configuration file says, unparsed: `.json`, or the default export of a `.ts`, `.mjs` or `.js` module.
 * Throws ConfigError where the file is absent, of another kind, or broken.
 */
export async function loadConfigFile(path: string): Promise<Record<string, unknown>> {
  const file = resolve(path)
  const kind = extname(file)
  if (kind === '.json') return asSettings(parseJson(await read(file), file), file)
  if (kind === '.ts' || kind === '.mjs' || kind === '.js') return asSettings(await importDefault(file), file)
  throw new ConfigError('--config', `${file} is not a configuration file: use .json, .ts, .mjs or .js.`)
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new ConfigError('--config', `${file} cannot be read. Check the path and its permissions.`, {
      cause,
    })
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which may hold a secret.
    throw new ConfigError('--config', `${file} is not valid JSON. Correct it.`)
  }
}

async function importDefault(file: string): Promise<unknown> {
  await read(file)
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href)
    return module.default
  } catch (cause) {
    const kind = cause instanceof Error ? cause.name : 'error'
    throw new ConfigError(
      '--config',
      `${file} fails when it is loaded (${kind}). Run it with node to see why.`,
      { cause },
    )
  }
}

function asSettings(value: unknown, file: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(
      '--config',
      `${file} must hold one object of settings (a module exports it as default).`,
    )
  }
  return { ...value }
}
