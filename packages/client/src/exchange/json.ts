import { ClientError } from '../errors.ts'
import type { Claims } from '../providers/provider.ts'

/** Reads JSON of any kind. Throws answer_unreadable. */
export async function readJson(response: Response, provider: string): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'no Content-Type'
    const detail = `Status ${response.status}, ${type}.`
    throw new ClientError('answer_unreadable', { provider, detail, cause })
  }
}

/** True for a JSON object. */
export function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads a JSON object. Throws answer_unreadable. */
export async function readJsonObject(response: Response, provider: string): Promise<Claims> {
  const json = await readJson(response, provider)
  if (isClaims(json)) return json
  throw new ClientError('answer_unreadable', { provider, detail: 'The JSON is no object.' })
}

/** The member, where it is a text that is not empty. */
export function textOf(from: Claims, member: string): string | null {
  const value = from[member]
  return typeof value === 'string' && value !== '' ? value : null
}
