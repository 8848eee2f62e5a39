import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './addresses.ts'
import { hostPortOf, parseHostPort } from './host-port.ts'

/** Why a call did not leave. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
}

/** Says which addresses a call on a stranger's word may reach. */
type AddressRule = (address: string) => boolean

/** Where calls may go beside public addresses. */
export type AllowedAddresses = {
  /** True where the app itself is on loopback: then its peers may be too. */
  readonly loopback: boolean
  /** `host:port` pairs that may be on any address. */
  readonly allowPrivateHosts: readonly string[]
}

/**
 * The rule for one URL: public addresses; loopback where that is allowed; any address where `allowPrivateHosts`
 * names its host and port.
 */
export function addressRule(url: URL, { loopback, allowPrivateHosts }: AllowedAddresses): AddressRule {
  const target = hostPortOf(url)
  if (allowPrivateHosts.some((host) => parseHostPort(host) === target)) return () => true
  return (address) => isPublicAddress(address) || (loopback && isLoopbackAddress(address))
}

/**
 * Throws RefusedAddressError where the host is an address that the rule refuses: no DNS look-up takes place for
 * it, so `safeLookup` would never see it.
 */
export function checkLiteralAddress(url: URL, allowed: AddressRule): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !allowed(host)) throw refused(url.hostname)
}

/**
 * A DNS look-up for sockets: what it answers is what the socket connects to, so a name cannot be public when
 * checked and private when used. One refused address among several refuses the name.
 */
export function safeLookup(allowed: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    const wanted: LookupOptions = { ...options, all: true }
    lookup(hostname, wanted, (error, found) => {
      if (error !== null) return callback(error, '', 0)
      const addresses: readonly LookupAddress[] = typeof found === 'string' ? [] : found
      const first = addresses[0]
      if (first === undefined || addresses.some(({ address }) => !allowed(address))) {
        return callback(refused(hostname), '', 0)
      }
      if (options.all === true) return callback(null, [...addresses])
      callback(null, first.address, first.family)
    })
  }
}

function refused(host: string): RefusedAddressError {
  return new RefusedAddressError(
    `${host} is on a private address, which calls on somebody else's word may not reach. Name its host and port in allowPrivateHosts (--allow-private-host) to allow it.`,
  )
}
