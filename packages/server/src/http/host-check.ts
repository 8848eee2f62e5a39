import { OAuthError } from '@doorward/core'
import { HOST_MARKER, type Inbound, splitTarget } from './inbound.ts'

/** Where a page asked for under another host has to go, or null where the host is right. */
export type HostCheck = (inbound: Inbound) => string | null

/**
 * Pages live at the issuer's host alone: their cookies are that host's, and what they trust is its origin.
 * Another host (`127.0.0.1` for `localhost`), or plain http where a trusted proxy says so, is sent there with
 * a marker. The check throws host_rewritten where the marker comes back under a wrong host: a proxy hides the
 * host that was asked for, and the browser would be sent round for ever.
 */
export function hostCheck(issuer: string): HostCheck {
  const { origin, protocol, hostname } = new URL(issuer)
  return (inbound) => {
    const { forwardedProto } = inbound
    const rightScheme = forwardedProto === null || `${forwardedProto}:` === protocol
    // The port is left out: many proxies pass the name alone on, and cookies do not tell ports apart.
    if (rightScheme && withoutPort(inbound.host) === hostname) return null
    const { pathname, search } = splitTarget(inbound.request.target)
    const query = new URLSearchParams(search)
    if (query.has(HOST_MARKER)) throw rewritten()
    return `${origin}${pathname}?${search === '' ? '' : `${search}&`}${HOST_MARKER}=1`
  }
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '')
}

function rewritten(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'This page was reached under another host name than the one it is configured for, and sending the browser there did not help.',
    { reason: 'host_rewritten' },
  )
}
