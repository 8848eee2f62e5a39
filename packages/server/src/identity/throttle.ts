import { isIPv6 } from 'node:net'
import type { Config } from '../config/schema.ts'
import type { Limit } from '../storage/ports.ts'

/** The two counts that a failed sign-in adds to. */
export type SignInLimits = {
  readonly pair: Limit
  readonly address: Limit
  readonly both: readonly Limit[]
}

/**
 * The throttle of sign-ins: failures for one account from one address, and from one address in all. An unknown
 * account has a count like any other, so that the throttle tells nobody which accounts exist. The keys hold
 * what was typed; the store keeps hashes of them.
 */
export function signInLimits(config: Config, accountKey: string, ip: string): SignInLimits {
  const { perAccountAndAddress, perAddress, windowSeconds } = config.limits.signIn
  const network = throttledNetwork(ip)
  const pair = {
    key: `sign-in:pair:${network}:${accountKey}`,
    max: perAccountAndAddress,
    windowSeconds,
  }
  const address = { key: `sign-in:address:${network}`, max: perAddress, windowSeconds }
  return { pair, address, both: [pair, address] }
}

/** The throttle of sign-ins with providers that failed: each made the server ask a provider. */
export function upstreamLimit(config: Config, ip: string): Limit {
  const { perAddress, windowSeconds } = config.limits.signIn
  return { key: `upstream:${throttledNetwork(ip)}`, max: perAddress, windowSeconds }
}

/** One person commonly has a whole IPv6 /64 to pick addresses from, so that is what is counted. */
export function throttledNetwork(ip: string): string {
  // What a dual-stack socket shows of an IPv4 caller; the whole of IPv4 must not count as one network.
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip) ?? []
  if (mapped !== undefined) return mapped
  if (!isIPv6(ip)) return ip
  const [head = '', tail] = (ip.split('%', 1)[0] ?? '').toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
