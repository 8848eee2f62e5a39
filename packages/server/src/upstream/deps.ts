import type { Deps } from '../deps.ts'
import type { Browser } from '../http/browser.ts'
import type { SessionDeps } from '../identity/sessions.ts'

/** What sign-ins with providers use. */
export type UpstreamDeps = Pick<
  Deps,
  'config' | 'storage' | 'secrets' | 'audit' | 'clock' | 'upstreams' | 'connections'
> &
  SessionDeps & {
    readonly browser: Browser
  }
