import { openAesGcm, sealAesGcm } from '@doorward/core/crypto'
import type { TransactionDeps } from './transaction.ts'

/** The parameters of an answer that are read; whatever else a form has is left behind. */
const NAMES: readonly string[] = ['state', 'code', 'error', 'error_description', 'iss', 'user']
/** In seconds: the browser comes back at once. */
const LIFETIME = 60
/** Longer addresses are refused by some proxies. */
const MOST = 6000

type Keeping = Pick<TransactionDeps, 'keys'> & { readonly provider: string; readonly now: number }
type Kept = { readonly answer: string; readonly until: number }

/**
 * An answer that came as a form (OAuth 2.0 Form Post Response Mode §2), sealed for an address of our own. null: it is too long for one.
 */
export function keepAnswer(form: URLSearchParams, { keys, provider, now }: Keeping): string | null {
  const answer = new URLSearchParams([...form].filter(([name]) => NAMES.includes(name)))
  const kept: Kept = { answer: answer.toString(), until: now + LIFETIME }
  const sealed = sealAesGcm(keys[0], JSON.stringify(kept), aadOf(provider))
  return sealed.length > MOST ? null : sealed
}

/** The answer again; null where it was not kept here, or a minute ago. */
export function openKeptAnswer(sealed: string, { keys, provider, now }: Keeping): URLSearchParams | null {
  for (const key of keys) {
    const opened = openAesGcm(key, sealed, aadOf(provider))
    if (opened === null) continue
    const { answer, until } = parseKept(opened)
    return now < until ? new URLSearchParams(answer) : null
  }
  return null
}

const aadOf = (provider: string): string => `doorward client answer ${provider}`

/** Sealed by us, so it has the shape that we gave it. */
function parseKept(text: string): Kept {
  return JSON.parse(text)
}
