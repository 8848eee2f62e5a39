import { availableParallelism } from 'node:os'
import { InvalidArgumentError } from 'commander'

/** Collects an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}

const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials']

/** Collects grant types, of those that there are. */
export function grantType(value: string, earlier: readonly string[] = []): readonly string[] {
  if (!GRANTS.includes(value)) throw new InvalidArgumentError(`Grants are ${GRANTS.join(', ')}.`)
  return [...earlier, value]
}

/** Words in one text, as scopes are written (RFC 6749 §3.3); for options it adds to those given before. */
export function collectWords(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...value.split(/\s+/).filter((word) => word !== '')]
}

/** `name=value`; the value may be empty and hold further `=`. */
export function collectAssignments(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.')
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) }
}

/** A TCP port; 0 takes a free one. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  }
  return Number(text)
}

/** More processes than this is a slip of the finger, and more connections than a PostgreSQL takes. */
const MOST_WORKERS = 64

/** How many processes serve; `auto` is one for each processor core that this one may use. */
export function parseWorkers(text: string): number {
  if (text === 'auto') return Math.min(availableParallelism(), MOST_WORKERS)
  if (!/^[1-9]\d?$/.test(text) || Number(text) > MOST_WORKERS) {
    throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_WORKERS}, or auto.`)
  }
  return Number(text)
}

/** A count of 1 or more. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number of 1 or more.')
  return Number(text)
}

type Check = (text: string) => string | null

/** A value that `check` has nothing to say against. */
export function checked(check: Check): (text: string) => string {
  return (text) => {
    const problem = check(text)
    if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`)
    return text
  }
}

/** Collects values that `check` has nothing to say against. */
export function collectChecked(
  check: Check,
): (text: string, earlier?: readonly string[]) => readonly string[] {
  return (text, earlier = []) => [...earlier, checked(check)(text)]
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** A time span in seconds: `90s`, `10m`, `1h`, `7d`, or a number of seconds. */
export function parseDuration(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? []
  const seconds = Number(count) * (UNITS[unit] ?? 1)
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new InvalidArgumentError('Write a time span like 90s, 10m, 1h or 7d.')
  }
  return seconds
}

/** Seconds in the largest unit that says them exactly: what parseDuration reads. */
export function formatDuration(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const) {
    if (seconds % length === 0) return `${seconds / length}${unit}`
  }
  return `${seconds}s`
}
