import {
  betterAuthCookieCache,
  betterAuthSession,
  doorwardAccount,
  doorwardPromptNone,
} from '../contenders/session/index.ts'
import type { Row } from '../row.ts'

const TARGETS = [{ against: betterAuthSession.name, atLeast: 20 }]

/** Whether somebody is signed in, asked of the store each time. Fifty people take turns. */
export const SESSION_ROWS: readonly Row[] = [
  {
    id: 'session-account',
    group: 'session',
    title: 'Session check: the signed-in page',
    contenders: [doorwardAccount, betterAuthSession, betterAuthCookieCache],
    targets: TARGETS,
  },
  {
    id: 'session-prompt-none',
    group: 'session',
    title: 'Session check for an app: prompt=none, answered with a code',
    contenders: [doorwardPromptNone, betterAuthSession],
    targets: TARGETS,
  },
]
