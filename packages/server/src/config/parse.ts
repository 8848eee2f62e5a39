import type * as z from 'zod'
import { hostPortProblem, networkProblem } from './addresses.ts'
import { ConfigError } from './errors.ts'
import { faultOf } from './fault.ts'
import { type Config, configSchema } from './schema.ts'

/** Settings, complete and checked. Throws ConfigError that names the first setting at fault and says the fix. */
export function parseConfig(input: unknown): Config {
  const result = configSchema.safeParse(input)
  if (!result.success) throw explain(result.error.issues)
  checkTogether(result.data)
  return result.data
}

function explain(issues: readonly z.core.$ZodIssue[]): ConfigError {
  const issue = issues[0]
  if (issue === undefined) return new ConfigError('', 'The configuration cannot be read.')
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const key = [...path, issue.keys[0] ?? ''].join('.')
    const known = knownKeys(path)
    const hint = known.length === 0 ? '' : ` Known here: ${known.join(', ')}.`
    return new ConfigError(key, `Unknown setting ${key}.${hint}`)
  }
  const key = path.join('.')
  if (key === '') return new ConfigError('', 'The configuration must be an object of settings.')
  if (key === 'issuer' && issue.code === 'invalid_type') {
    return new ConfigError(
      key,
      'The setting issuer is missing: set it to the https URL that clients will use.',
    )
  }
  return new ConfigError(key, `The setting ${key} ${faultOf(issue)}.`)
}

function knownKeys(path: readonly string[]): readonly string[] {
  let schema: unknown = configSchema
  for (const part of path) schema = shapeOf(schema)?.[part]
  return Object.keys(shapeOf(schema) ?? {})
}

function shapeOf(schema: unknown): Record<string, unknown> | null {
  if (typeof schema !== 'object' || schema === null) return null
  if ('shape' in schema) return schema.shape as Record<string, unknown>
  if ('unwrap' in schema && typeof schema.unwrap === 'function') return shapeOf(schema.unwrap())
  return null
}

/** Rules between settings, each with the setting to change. */
function checkTogether(config: Config): void {
  const ordered = [
    ['password.minLength', config.password.minLength, 'password.maxLength', config.password.maxLength],
    [
      'keys.jwksMaxAgeSeconds',
      config.keys.jwksMaxAgeSeconds,
      'keys.rotateSeconds',
      config.keys.rotateSeconds,
    ],
  ] as const
  for (const [small, smaller, large, larger] of ordered) {
    if (smaller > larger) {
      throw new ConfigError(small, `The setting ${small} (${smaller}) must not exceed ${large} (${larger}).`)
    }
  }
  if (config.passwordHash.memoryKiB < 8 * config.passwordHash.lanes) {
    throw new ConfigError(
      'passwordHash.memoryKiB',
      'The setting passwordHash.memoryKiB must be at least 8 for each lane (RFC 9106 §3.1).',
    )
  }
  for (const network of config.trustProxy) {
    const problem = networkProblem(network)
    if (problem !== null) throw new ConfigError('trustProxy', `The setting trustProxy ${problem}.`)
  }
  for (const host of config.allowPrivateHosts) {
    const problem = hostPortProblem(host)
    if (problem !== null)
      throw new ConfigError('allowPrivateHosts', `The setting allowPrivateHosts ${problem}.`)
  }
}
