import { flaskLogin } from '../contenders/flask/index.ts'
import { argonFloor, betterAuthSignIn, doorwardChallenge, doorwardForm } from '../contenders/sign-in/index.ts'
import { tokensIdle, tokensUnderSignIns } from '../contenders/sign-in/latency.ts'
import type { Row } from '../row.ts'

/** Answers take tens of milliseconds of a core: these keep it busy, and a turn sees many of each. */
const CONNECTIONS = 8

const TARGETS = [{ against: argonFloor.name, atLeast: 0.85 }]

/** Signing in with e-mail and password. Fifty people take turns; throttles are as they are shipped. */
export const SIGN_IN_ROWS: readonly Row[] = [
  {
    id: 'sign-in-app',
    group: 'sign-in',
    title: 'Password sign-in in an app’s own form',
    connections: CONNECTIONS,
    contenders: [doorwardChallenge, argonFloor, betterAuthSignIn, flaskLogin],
    targets: TARGETS,
  },
  {
    id: 'sign-in-page',
    group: 'sign-in',
    title: 'Password sign-in at the sign-in page',
    connections: CONNECTIONS,
    contenders: [doorwardForm, argonFloor],
    targets: TARGETS,
  },
  {
    id: 'sign-in-latency',
    group: 'sign-in',
    title: 'p99 of 100 token requests a second while people sign in',
    figure: 'p99Ms',
    longer: 3,
    contenders: [tokensUnderSignIns, tokensIdle],
    targets: [{ against: tokensIdle.name, atMost: 3 }],
  },
]
