import type { TokenSet } from '@doorward/client/upstream'
import type { Deps } from '../deps.ts'
import type { Browser } from '../http/browser.ts'
import type { SessionDeps } from '../identity/sessions.ts'

/** What sign-ins with providers use. */
export type UpstreamDeps = Pick<Deps, 'config' | 'storage' | 'secrets' | 'audit' | 'clock' | 'upstreams'> &
  SessionDeps & {
    readonly browser: Browser
    /** Keeps the tokens of an identity; without it they are let go. */
    readonly connections?: {
      keep(identityId: string, provider: string, tokens: TokenSet): Promise<void>
    }
  }
