import { isLoopbackHost } from '@doorward/core'
import { ClientError } from '../errors.ts'
import { AnswerTooLargeError, createSafeFetch, type OutgoingResponse } from './fetch.ts'
import { hostPortOf, parseHostPort } from './host-port.ts'
import { type AllowedAddresses, RefusedAddressError } from './safe-lookup.ts'

/** Where calls may go, and how long and large an answer may be. */
export type AsFetchOptions = AllowedAddresses & {
  /** Default 10,000. */
  readonly timeoutMs?: number
  /** Default 262,144. */
  readonly maxBytes?: number
}

/** What a call sends, as oauth4webapi and jose hand it to a `fetch`. */
type Sent = {
  readonly method?: string | undefined
  readonly headers?: ConstructorParameters<typeof Headers>[0]
  readonly body?: unknown
}

/** Has the shape of `fetch`, for the libraries that ask a provider. */
export type ProviderFetch = (url: string | URL, sent?: Sent) => Promise<Response>

/** Answers of these have no body by the Fetch standard, and a Response takes none. */
const BODILESS: readonly number[] = [204, 205, 304]

/**
 * The bounded call in the shape of `fetch`. A redirect and a failure of the provider's own reject too, each as
 * ClientError: address_refused, answer_redirected, answer_timed_out, answer_too_large, provider_failed,
 * provider_unreachable.
 */
export function asFetch(options: AsFetchOptions): ProviderFetch {
  const safeFetch = createSafeFetch(options)
  return async (address, { method = 'GET', headers, body } = {}) => {
    const url = new URL(address)
    checkScheme(url, options)
    const request = {
      url: url.href,
      method: method === 'POST' ? ('POST' as const) : ('GET' as const),
      headers: Object.fromEntries(new Headers(headers)),
      ...(body === undefined || body === null ? {} : { body: String(body) }),
      timeoutMs: options.timeoutMs ?? 10_000,
      maxBytes: options.maxBytes ?? 262_144,
    }
    const answer = await safeFetch(request).catch((error) => {
      throw failure(error, url)
    })
    return toResponse(answer, url)
  }
}

/** Secrets and tokens go over https; over http only to this machine or where `allowPrivateHosts` names the host. */
function checkScheme(url: URL, { loopback, allowPrivateHosts }: AllowedAddresses): void {
  if (url.protocol === 'https:') return
  const named = allowPrivateHosts.some((host) => parseHostPort(host) === hostPortOf(url))
  if (url.protocol === 'http:' && (named || (loopback && isLoopbackHost(url.hostname)))) return
  throw new ClientError('address_refused', { detail: `${url.origin} is not https.` })
}

function failure(error: unknown, url: URL): ClientError {
  const facts = { detail: url.origin, cause: error }
  if (error instanceof RefusedAddressError) return new ClientError('address_refused', facts)
  if (error instanceof AnswerTooLargeError) return new ClientError('answer_too_large', facts)
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || name === 'AbortError') return new ClientError('answer_timed_out', facts)
  return new ClientError('provider_unreachable', facts)
}

function toResponse({ status, headers, body }: OutgoingResponse, url: URL): Response {
  const detail = `${url.origin} answered ${status}.`
  if (status >= 300 && status < 400) throw new ClientError('answer_redirected', { detail })
  if (status >= 500 || status === 429) throw new ClientError('provider_failed', { detail })
  if (status < 200) throw new ClientError('provider_unreachable', { detail })
  return new Response(BODILESS.includes(status) ? null : body, { status, headers: { ...headers } })
}
