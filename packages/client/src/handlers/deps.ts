import type { CookieJar } from '@doorward/core'
import type { SignInKeys } from '../exchange/departure.ts'
import type { ProviderDeps } from '../exchange/provider-deps.ts'
import type { Settings } from '../options.ts'
import type { Replays, Sessions } from '../ports.ts'
import type { SessionKeeper } from '../session/session.ts'
import type { Reply } from './incoming.ts'
import type { Paths } from './paths.ts'

/** What the handlers use. */
export type ClientDeps = SignInKeys & {
  readonly settings: Settings
  readonly paths: Paths
  readonly providers: ReadonlyMap<string, ProviderDeps>
  readonly jar: CookieJar
  /** The answers of providers that are being worked on in this process, each with what will be replied. */
  readonly arriving: Map<string, Promise<Reply>>
  readonly keeper: SessionKeeper
  readonly replays: Replays
  /** null: sessions are in cookies, where nobody ends them from afar. */
  readonly sessions: Sessions | null
}
