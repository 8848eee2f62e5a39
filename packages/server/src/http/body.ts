import { OAuthError } from '@doorward/core'
import type { IncomingRequest } from './incoming.ts'

const FORM = 'application/x-www-form-urlencoded'

/**
 * Reads a form of at most `maxBytes`, from the wire or from what the surrounding app has left of it. Throws
 * OAuthError: content_type, body_too_large (413), body_unreadable, body_incomplete, parameter_malformed.
 * @see RFC 6749 Appendix B
 */
export async function readForm(request: IncomingRequest, maxBytes: number): Promise<URLSearchParams> {
  checkFormType(request.header('content-type'))
  const { consumed } = request
  if (consumed === undefined) return new URLSearchParams(await request.text(maxBytes))
  if (consumed.kind === 'parsed') return parsedForm(consumed.value, maxBytes)
  throw bodyUnreadable()
}

function checkFormType(contentType: string | null): void {
  if (contentType === FORM) return
  const type = (contentType ?? '').split(';', 1)[0]
  if (type?.trim().toLowerCase() === FORM) return
  throw new OAuthError('invalid_request', `The body must be ${FORM}.`, { reason: 'content_type' })
}

/** A form as Express, Fastify and others leave it: text, bytes, or an object of texts and lists of texts. */
function parsedForm(body: unknown, maxBytes: number): URLSearchParams {
  if (body instanceof URLSearchParams) return body
  if (body instanceof Uint8Array) return parsedForm(new TextDecoder().decode(body), maxBytes)
  if (typeof body === 'string') {
    if (Buffer.byteLength(body) > maxBytes) throw bodyTooLarge(maxBytes)
    return new URLSearchParams(body)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw bodyUnreadable()
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? value : [value]) form.append(name, textOf(item))
  }
  return form
}

/** Parsers that nest make an object of `a[b]=1`: the sender chose that name, and none of ours has brackets. */
function textOf(item: unknown): string {
  if (typeof item === 'string') return item
  if (typeof item !== 'object' || item === null) throw bodyUnreadable()
  throw new OAuthError('invalid_request', 'The name of a parameter holds brackets.', {
    reason: 'parameter_malformed',
  })
}

/** The body is larger than anything we are sent (RFC 9110 §15.5.14). */
export function bodyTooLarge(maxBytes: number): OAuthError {
  return new OAuthError('invalid_request', `The body is larger than ${maxBytes} bytes.`, {
    reason: 'body_too_large',
    status: 413,
  })
}

/** Somebody has read the body before us, and kept nothing. */
export function bodyUnreadable(cause?: unknown): OAuthError {
  return new OAuthError('server_error', 'The request body was consumed before it reached Doorward.', {
    reason: 'body_unreadable',
    cause,
  })
}

/** The connection broke off. */
export function bodyIncomplete(cause?: unknown): OAuthError {
  return new OAuthError('invalid_request', 'The request body did not arrive whole.', {
    reason: 'body_incomplete',
    cause,
  })
}
