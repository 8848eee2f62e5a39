import { ClientError } from '../errors.ts'

/** No provider sends as much in a form. */
const MAX_BYTES = 65_536

/** A body that is no form, or is gone. */
export function unreadable(detail: string, cause?: unknown): ClientError {
  return new ClientError('body_unreadable', { detail, cause })
}

/** Reads an unread body. Throws body_unreadable: it is too large, or broke off. */
export async function readForm(body: AsyncIterable<Uint8Array>): Promise<URLSearchParams> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength
      if (bytes > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw unreadable('It did not arrive whole.', cause)
  }
  if (bytes > MAX_BYTES) throw unreadable('It is too large.')
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** A form as a framework's parser leaves it: text, bytes, or an object of texts and lists of texts. */
export function parsedForm(body: unknown): URLSearchParams {
  if (body instanceof URLSearchParams) return body
  if (body instanceof Uint8Array) return parsedForm(new TextDecoder().decode(body))
  if (typeof body === 'string') return new URLSearchParams(body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw unreadable('Something has read it before, and kept nothing.')
  }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? value : [value]) form.append(name, String(item))
  }
  return form
}
