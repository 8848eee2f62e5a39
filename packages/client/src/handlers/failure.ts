import { ClientError } from '../errors.ts'
import type { FailureEvent } from '../options.ts'
import type { ClientDeps } from './deps.ts'
import { type ErrorLinks, errorBody } from './error-page.ts'
import { type Incoming, pathOf, type Reply, redirect } from './incoming.ts'
import { RETURN_TO } from './login.ts'
import { pageReply } from './page.ts'

/**
 * Answers a failure: tells `onError`, then goes where that says, or shows a page (JSON to programs) that names cause
 * and fix.
 */
export async function failureReply(
  thrown: unknown,
  request: Incoming,
  deps: ClientDeps,
  cookies: readonly string[] = [],
): Promise<Reply> {
  const error = thrown instanceof ClientError ? thrown : new ClientError('internal_error', { cause: thrown })
  const { settings, paths } = deps
  const path = pathOf(request.target)
  const elsewhere = await tell({ error, method: request.method, path }, settings.onError)
  if (elsewhere !== null) return redirect(elsewhere, cookies)
  const { status, title } = error.explained
  if (request.header('accept')?.includes('text/html') !== true) return jsonReply(error, status, cookies)
  const body = errorBody(error, { starts: startsOf(error, request, deps), home: settings.afterSignIn })
  // Its address, with a code in it, is handed to nobody.
  const terms = { status, cookies, formAction: "'none'", referrerPolicy: 'no-referrer' } as const
  return pageReply({ title, body, style: paths.style }, terms)
}

/** Once more with the same provider; with any, where nobody is signed in. */
function startsOf(
  { code, provider }: ClientError,
  { method, target }: Incoming,
  { paths, providers }: ClientDeps,
): ErrorLinks['starts'] {
  if (code === 'session_missing') {
    const query = method === 'GET' ? `?${new URLSearchParams({ [RETURN_TO]: target })}` : ''
    return [...providers].map(([id, asked]) => ({
      text: `Sign in with ${asked.provider.name}`,
      href: paths.login(id) + query,
    }))
  }
  const known = provider !== null && providers.has(provider)
  return known ? [{ text: 'Start again', href: paths.login(provider) }] : []
}

/** Tells the app; answers where it wants the browser to go. A mistake in its function must not hide what it was told of. */
export async function tell(
  event: FailureEvent,
  onError: ClientDeps['settings']['onError'],
): Promise<string | null> {
  try {
    return (await onError(event)) ?? null
  } catch {
    return null
  }
}

function jsonReply(error: ClientError, status: number, cookies: readonly string[]): Reply {
  const { code, message, detail } = error
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    cookies,
    body: JSON.stringify({ reason: code, message, ...(detail === null ? {} : { detail }) }),
  }
}
