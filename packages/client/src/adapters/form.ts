import { ClientError } from '../errors.ts'

/** A body that is no form, or is gone. */
export function unreadable(detail: string): ClientError {
  return new ClientError('body_unreadable', { detail })
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
