import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isLoopbackHost } from '@doorward/core'
import { parseHostPort } from '../config/addresses.ts'
import type { Config } from '../config/schema.ts'
import { isLoopbackAddress, isPublicAddress } from './addresses.ts'

/** Why a call did not leave. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
}

/** Says which addresses a call on a stranger's word may reach. */
type AddressRule = (address: string) => boolean

/**
 * The rule for one URL: public addresses; loopback where the issuer is loopback itself; any address where
 * `allowPrivateHosts` names its host and port.
 */
export function addressRule(url: URL, config: Pick<Config, 'issuer' | 'allowPrivateHosts'>): AddressRule {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const target = `${url.hostname}:${port}`
  if (config.allowPrivateHosts.some((host) => parseHostPort(host) === target)) return () => true
  const loopback = isLoopbackHost(new URL(config.issuer).hostname)
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
    `${host} is on a private address, which calls on a client's word may not reach. Name it with --allow-private-host to allow it.`,
  )
}
