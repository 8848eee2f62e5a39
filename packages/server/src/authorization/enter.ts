import type { Browser } from '../http/browser.ts'
import type { Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { seeOther } from '../http/respond.ts'
import { openSession, type SessionDeps } from '../identity/sessions.ts'
import type { ProvenUser } from '../storage/ports.ts'
import type { Authentication } from '../storage/records.ts'
import { destinationPath, type Errand } from './destination.ts'
import { continueAt } from './load.ts'

type EnterDeps = SessionDeps & { readonly browser: Browser }

/** Who has just proved who they are, and how. */
export type Entering = { readonly person: ProvenUser; readonly authentication: Authentication }

/** Opens a session for somebody who has just proved who they are, and goes on with what they came for. */
export async function enter(
  inbound: Inbound,
  { person, authentication }: Entering,
  { proven, destination }: Errand,
  deps: EnterDeps,
): Promise<Reply> {
  const { session, setCookie } = await openSession(inbound, person, authentication, deps)
  if (proven === null) return seeOther(deps.browser.href(destinationPath(destination)), [setCookie])
  // Whoever proves who they are has chosen an account, too.
  const step = { done: ['login', 'select'], sid: session.sid } as const
  return seeOther(continueAt('/oauth/authorize', proven, step, deps), [setCookie])
}
