import type { ConfiguredProvider } from '../config/providers.ts'
import type { Browser } from '../http/browser.ts'
import { destinationPath } from './destination.ts'

/** The parameter that says what became of a sign-in with a provider: `denied.google`. */
export const NOTICE_PARAMETER = 'dw_notice'

/** What became of it; `provider`: its id on the way, its name on a page. */
export type Notice<Kind extends string> = { readonly kind: Kind; readonly provider: string }

/** A notice as a page's address carries it. */
export function noticeQuery({ kind, provider }: Notice<string>): URLSearchParams {
  return new URLSearchParams({ [NOTICE_PARAMETER]: `${kind}.${provider}` })
}

/** Constant words about a provider of ours: whoever forges the parameter says nothing by it. null where there are none. */
export function readNotice<Kind extends string>(
  query: URLSearchParams,
  kinds: readonly Kind[],
  providers: readonly ConfiguredProvider[],
): Notice<Kind> | null {
  const [said, id] = query.get(NOTICE_PARAMETER)?.split('.') ?? []
  const kind = kinds.find((known) => known === said)
  const provider = providers.find((known) => known.id === id)
  return kind === undefined || provider === undefined ? null : { kind, provider: provider.name }
}

/** The address of the ways to sign in, with a word about what became of connecting or disconnecting one. */
export function connectionsHref(notice: Notice<string>, browser: Browser): string {
  return browser.href(destinationPath('connections'), noticeQuery(notice))
}
