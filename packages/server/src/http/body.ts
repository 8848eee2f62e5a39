import { OAuthError } from '@doorward/core'
import type { ConsumedBody } from '../deps.ts'

const FORM = 'application/x-www-form-urlencoded'

/**
 * Reads a form of at most `maxBytes`; `consumed` is what the surrounding app has left of a body that it read.
 * Throws OAuthError: content_type, body_too_large (413), body_unreadable, body_incomplete,
 * parameter_malformed.
 * @see RFC 6749 Appendix B
 */
export async function readForm(
  request: Request,
  maxBytes: number,
  consumed: ConsumedBody | undefined,
): Promise<URLSearchParams> {
  checkFormType(request.headers.get('content-type'))
  if (consumed?.kind === 'parsed') return parsedForm(consumed.value, maxBytes)
  if (consumed !== undefined || request.bodyUsed) throw unreadable()
  return new URLSearchParams(await readText(request, maxBytes))
}

function checkFormType(contentType: string | null): void {
  if (contentType === FORM) return
  const type = (contentType ?? '').split(';', 1)[0]
  if (type?.trim().toLowerCase() === FORM) return
  throw new OAuthError('invalid_request', `The body must be ${FORM}.`, { reason: 'content_type' })
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const length = request.headers.get('content-length')
  try {
    // HTTP/1.1 and HTTP/2 servers deliver exactly Content-Length bytes, so a stated length needs no counting.
    if (length !== null && Number(length) <= maxBytes) return await request.text()
    if (length === null) return await readCounted(request, maxBytes)
  } catch (cause) {
    if (cause instanceof OAuthError) throw cause
    // A body that somebody has read already is a TypeError by the Fetch standard; anything else is the connection.
    throw cause instanceof TypeError ? unreadable(cause) : incomplete(cause)
  }
  throw tooLarge(maxBytes)
}

async function readCounted(request: Request, maxBytes: number): Promise<string> {
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** A form as Express, Fastify and others leave it: text, bytes, or an object of texts and lists of texts. */
function parsedForm(body: unknown, maxBytes: number): URLSearchParams {
  if (body instanceof URLSearchParams) return body
  if (body instanceof Uint8Array) return parsedForm(new TextDecoder().decode(body), maxBytes)
  if (typeof body === 'string') {
    if (Buffer.byteLength(body) > maxBytes) throw tooLarge(maxBytes)
    return new URLSearchParams(body)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unreadable()
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? value : [value]) form.append(name, textOf(item))
  }
  return form
}

/** Parsers that nest make an object of `a[b]=1`: the sender chose that name, and none of ours has brackets. */
function textOf(item: unknown): string {
  if (typeof item === 'string') return item
  if (typeof item !== 'object' || item === null) throw unreadable()
  throw new OAuthError('invalid_request', 'The name of a parameter holds brackets.', {
    reason: 'parameter_malformed',
  })
}

function tooLarge(maxBytes: number): OAuthError {
  return new OAuthError('invalid_request', `The body is larger than ${maxBytes} bytes.`, {
    reason: 'body_too_large',
    status: 413,
  })
}

function unreadable(cause?: unknown): OAuthError {
  return new OAuthError('server_error', 'The request body was consumed before it reached Doorward.', {
    reason: 'body_unreadable',
    cause,
  })
}

function incomplete(cause: unknown): OAuthError {
  return new OAuthError('invalid_request', 'The request body did not arrive whole.', {
    reason: 'body_incomplete',
    cause,
  })
}
