import { BlockList, isIP } from 'node:net'

/** Special-purpose IPv4 networks (IANA registry, RFC 6890): none is a stranger's public server. */
const SPECIAL_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/** Parts of 2000::/3 that are special, among them Teredo and 6to4, which carry IPv4 addresses inside. */
const SPECIAL_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const specialV4 = blockList(SPECIAL_V4, 'ipv4')
const specialV6 = blockList(SPECIAL_V6, 'ipv6')
const unicastV6 = blockList([['2000::', 3]], 'ipv6')
const loopbackV4 = blockList([['127.0.0.0', 8]], 'ipv4')
const loopbackV6 = blockList([['::1', 128]], 'ipv6')

/** True for addresses of the public Internet. In IPv6 only global unicast is, so mapped and NAT64 forms never are. */
export function isPublicAddress(address: string): boolean {
  const plain = withoutZone(address)
  if (isIP(plain) === 4) return !specialV4.check(plain, 'ipv4')
  return isIP(plain) === 6 && unicastV6.check(plain, 'ipv6') && !specialV6.check(plain, 'ipv6')
}

/** True for this machine's own addresses, 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(address: string): boolean {
  if (isIP(address) === 4) return loopbackV4.check(address, 'ipv4')
  return isIP(address) === 6 && loopbackV6.check(address, 'ipv6')
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? ''
}

function blockList(networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family)
  return list
}
