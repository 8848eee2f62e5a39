import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type AllowedAddresses, addressRule, checkLiteralAddress, safeLookup } from './safe-lookup.ts'

/** A call that goes out on someone else's word. */
export type OutgoingRequest = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole exchange, from the look-up to the last byte. Default 10,000. */
  readonly timeoutMs?: number
  /** Most bytes of an answer. Default 65,536. */
  readonly maxBytes?: number
}

/** A whole answer; one over the bound is a failure. */
export type OutgoingResponse = {
  readonly status: number
  /** By lower-case names; what came more than once is joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer went on beyond its bound, and was cut off. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError'
}

/** A call on someone else's word: no private address, no redirect, bounded in time and size. */
export type SafeFetch = (request: OutgoingRequest) => Promise<OutgoingResponse>

/**
 * Calls that refuse private addresses, on the very socket they use; a redirect is an answer like any other and
 * is never followed. The promise rejects where the address is refused, time or size runs out, or the network fails.
 */
export function createSafeFetch(allowedAddresses: AllowedAddresses): SafeFetch {
  return async (outgoing) => {
    const url = new URL(outgoing.url)
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new Error('Only http and https can be called')
    const allowed = addressRule(url, allowedAddresses)
    checkLiteralAddress(url, allowed)
    const options = {
      method: outgoing.method,
      headers: headersOf(outgoing),
      agent: false,
      lookup: safeLookup(allowed),
      signal: AbortSignal.timeout(outgoing.timeoutMs ?? 10_000),
    }
    const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options)
    return exchange(request, outgoing)
  }
}

function headersOf({ body, headers }: OutgoingRequest): Record<string, string> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return { 'user-agent': 'doorward', accept: 'application/json', ...headers, ...length }
}

function exchange(
  request: ClientRequest,
  { body, maxBytes = 65_536 }: OutgoingRequest,
): Promise<OutgoingResponse> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      readBody(response, maxBytes).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: headersIn(response), body }),
        (cause) => {
          request.destroy()
          reject(cause)
        },
      )
    })
    request.end(body)
  })
}

function headersIn({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new AnswerTooLargeError(`The answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
