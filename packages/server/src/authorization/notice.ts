import type { ConfiguredProvider } from '../config/providers.ts'
import type { Browser } from '../http/browser.ts'
import { destinationPath } from './destination.ts'

/** The parameter that says what became of a sign-in with a provider: `denied.google`. */
export const NOTICE_PARAMETER = 'dw_notice'

/** What became of it, with the id of the provider. */
export type Notice<Kind extends string> = { readonly kind: Kind; readonly provider: string }

/** A notice as a page's address carries it. */
export function noticeQuery({ kind, provider }: Notice<string>): URLSearchParams {
  return new URLSearchParams({ [NOTICE_PARAMETER]: `${kind}.${provider}` })
}

/** What a page says of it: `provider` is a name, and null where none with such an id is configured (any more). */
type Said<Kind extends string> = { readonly kind: Kind; readonly provider: string | null }

/** Constant words, and the name of a provider of ours: whoever forges the parameter has no text of theirs on the page. */
export function readNotice<Kind extends string>(
  query: URLSearchParams,
  kinds: readonly Kind[],
  providers: readonly ConfiguredProvider[],
): Said<Kind> | null {
  const [said, id] = query.get(NOTICE_PARAMETER)?.split('.') ?? []
  const kind = kinds.find((known) => known === said)
  const provider = providers.find((known) => known.id === id)?.name ?? null
  return kind === undefined ? null : { kind, provider }
}

/** The address of the ways to sign in, with a word about what became of connecting or disconnecting one. */
export function connectionsHref(notice: Notice<string>, browser: Browser): string {
  return browser.href(destinationPath('connections'), noticeQuery(notice))
}
