import { BlockList, isIP } from 'node:net'
import { parseNetwork } from '../config/addresses.ts'

/** The proxies whose forwarding headers are believed. */
export type TrustedProxies = { trusts(address: string): boolean }

/** Makes the set of the addresses and CIDR ranges of `trustProxy`, which the configuration has checked. */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  if (ranges.length === 0) return { trusts: () => false }
  const list = new BlockList()
  for (const range of ranges) {
    const network = parseNetwork(range)
    if (network !== null) list.addSubnet(network.address, network.prefix, network.family)
  }
  return {
    trusts: (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  }
}

/** An IPv4 address that a dual-stack socket shows as `::ffff:192.0.2.1` is written plainly. */
export function normalizeAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}

/**
 * The caller's address: the socket's, or, where that is a trusted proxy, the rightmost address in
 * X-Forwarded-For that no trusted proxy has. Anything left of it is the caller's own claim.
 */
export function clientAddress(peer: string, forwardedFor: string | null, proxies: TrustedProxies): string {
  let address = normalizeAddress(peer)
  if (forwardedFor === null || !proxies.trusts(address)) return address
  const hops = forwardedFor.split(',')
  for (const hop of hops.reverse()) {
    const claimed = withoutPort(hop.trim())
    if (isIP(claimed) === 0) return address
    address = normalizeAddress(claimed)
    if (!proxies.trusts(address)) return address
  }
  return address
}

function withoutPort(hop: string): string {
  if (hop.startsWith('[')) return hop.slice(1, hop.indexOf(']'))
  return isIP(hop) === 0 ? hop.replace(/:\d+$/, '') : hop
}
