import { ClientError } from '../errors.ts'
import type { FailureEvent } from '../options.ts'
import type { ClientDeps } from './deps.ts'
import { type ErrorLinks, errorBody } from './error-page.ts'
import { type Incoming, pathOf, queryOf, type Reply, redirect } from './incoming.ts'
import { RETURN_TO } from './login.ts'
import { pageReply } from './page.ts'

/** What goes along with the answer of a failure. */
export type FailureTerms = {
  readonly cookies?: readonly string[]
  /** Where the sign-in was to lead, for whoever starts it again. */
  readonly returnTo?: string
}

/**
 * Answers a failure: tells `onError`, then goes where that says, or shows a page (JSON to programs) that names cause
 * and fix.
 */
export async function failureReply(
  thrown: unknown,
  request: Incoming,
  deps: ClientDeps,
  { cookies = [], returnTo }: FailureTerms = {},
): Promise<Reply> {
  const error = thrown instanceof ClientError ? thrown : new ClientError('internal_error', { cause: thrown })
  const { settings, paths } = deps
  const path = pathOf(request.target)
  const elsewhere = await tell({ error, method: request.method, path }, settings.onError)
  if (elsewhere !== null) return redirect(elsewhere, cookies)
  const { status, title } = error.explained
  if (request.header('accept')?.includes('text/html') !== true) return jsonReply(error, status, cookies)
  const body = errorBody(error, {
    starts: startsOf(error, wantedOf(error, request, returnTo), deps),
    home: settings.afterSignIn,
  })
  // Its address, with a code in it, is handed to nobody.
  const terms = { status, cookies, formAction: "'none'", referrerPolicy: 'no-referrer' } as const
  return pageReply({ title, body, style: paths.style }, terms)
}

/** Where to go after the next sign-in: what this one had in mind, or the page that needs one. */
function wantedOf(
  { code }: ClientError,
  { method, target }: Incoming,
  returnTo: string | undefined,
): string | null {
  if (returnTo !== undefined) return returnTo
  if (code === 'session_missing') return method === 'GET' ? target : null
  return queryOf(target).get(RETURN_TO)
}

/** Once more with the same provider; with any, where nobody is signed in. */
function startsOf(
  { code, provider }: ClientError,
  wanted: string | null,
  { paths, providers, settings }: ClientDeps,
): ErrorLinks['starts'] {
  const query =
    wanted === null || wanted === settings.afterSignIn
      ? ''
      : `?${new URLSearchParams({ [RETURN_TO]: wanted })}`
  if (code === 'session_missing') {
    return [...providers].map(([id, asked]) => ({
      text: `Sign in with ${asked.provider.name}`,
      href: paths.login(id) + query,
    }))
  }
  const known = provider !== null && providers.has(provider)
  return known ? [{ text: 'Start again', href: paths.login(provider) + query }] : []
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
