import { isIP } from 'node:net'
import { parseHostPort } from '@doorward/client/outgoing'

/** An address or a CIDR range: `10.0.0.0/8`, `::1`. */
export type Network = { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }

/** Reads `10.0.0.0/8`, `192.0.2.1` or `::1`; null for anything else. */
export function parseNetwork(text: string): Network | null {
  const [address = '', prefixText, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return null
  const most = version === 4 ? 32 : 128
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return null
  const prefix = prefixText === undefined ? most : Number(prefixText)
  if (prefix > most) return null
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** What is wrong with a trusted proxy's address, or null. */
export function networkProblem(text: string): string | null {
  const network = parseNetwork(text)
  if (network === null)
    return 'holds something that is no IP address and no CIDR range: write it as 10.0.0.0/8 or ::1'
  if (network.prefix === 0) return "trusts every address, so that anybody may claim any: name the proxy's own"
  return null
}

/** What is wrong with a `host:port` pair, or null. IPv6 addresses stand in brackets. */
export function hostPortProblem(text: string): string | null {
  return parseHostPort(text) === null
    ? 'holds something that is not host:port, such as 10.0.0.5:8443 or [::1]:9000'
    : null
}
