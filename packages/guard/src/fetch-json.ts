import { IssuerError } from './refusal.ts'

/** Larger than a key set of 100 keys with certificates ever is. */
const MAX_BYTES = 524_288

/** A JSON document and how it may be cached. */
export type Fetched = { readonly json: unknown; readonly cacheControl: string | null }

/** The platform's fetch, or what stands for it. */
export type Fetch = typeof globalThis.fetch

/**
 * Fetches a JSON document: one answer with status 200, no redirects (they could lead anywhere), bounded in
 * size, and in time by `signal`. Throws IssuerError.
 */
export async function fetchJson(fetch: Fetch, address: string, signal: AbortSignal): Promise<Fetched> {
  const response = await request(fetch, address, signal)
  if (response.status !== 200 || response.redirected) {
    await response.body?.cancel()
    throw new IssuerError('issuer_unreachable', `${address} answered ${response.status}`)
  }
  const text = await readBounded(response, address)
  try {
    return { json: JSON.parse(text), cacheControl: response.headers.get('cache-control') }
  } catch {
    throw new IssuerError('issuer_unreadable', `${address} is not JSON`)
  }
}

async function request(fetch: Fetch, address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { redirect: 'error', signal, headers: { accept: 'application/json' } })
  } catch (cause) {
    throw new IssuerError('issuer_unreachable', `${address} cannot be reached`, { cause })
  }
}

async function readBounded(response: Response, address: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength
      if (size > MAX_BYTES) break
      text += decoder.decode(chunk, { stream: true })
    }
  } catch (cause) {
    throw new IssuerError('issuer_unreachable', `${address} stopped answering`, { cause })
  }
  if (size > MAX_BYTES) throw new IssuerError('issuer_unreadable', `${address} is larger than 512 KiB`)
  return text + decoder.decode()
}
