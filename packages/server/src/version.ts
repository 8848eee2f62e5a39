import { readFileSync } from 'node:fs'

/** The version of this program, from its own package.json. */
export function programVersion(): string {
  version ??= readVersion()
  return version
}

let version: string | undefined

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const parsed: unknown = JSON.parse(text)
  const found = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : null
  return typeof found === 'string' ? found : 'unknown'
}
