import { APP_CAUSES } from './causes/app.ts'
import { BROWSER_CAUSES } from './causes/browser.ts'
import type { Cause } from './causes/cause.ts'
import { IDENTITY_CAUSES } from './causes/identity.ts'
import { PROVIDER_CAUSES } from './causes/provider.ts'

/** Why something failed: one stable code per cause, with what it means and what to do. */
export const CAUSES = {
  ...BROWSER_CAUSES,
  ...PROVIDER_CAUSES,
  ...IDENTITY_CAUSES,
  ...APP_CAUSES,
} as const satisfies Readonly<Record<string, Cause>>

/** A stable code for why something failed. */
export type ClientErrorCode = keyof typeof CAUSES

/** What is known of a failure beside its code. */
export type ErrorFacts = {
  /** The provider's id. */
  readonly provider?: string | undefined
  /** In the provider's words, or the app's: not ours, so escape it. Never a token. */
  readonly detail?: string | undefined
  /** For the log. */
  readonly cause?: unknown
}

/** Whatever fails while the client works. `message` is constant text by the code; what others said is in `detail`. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** The provider's id, where one was concerned. */
  readonly provider: string | null
  readonly detail: string | null

  constructor(code: ClientErrorCode, { provider, detail, cause }: ErrorFacts = {}) {
    super(`${CAUSES[code].explanation} ${CAUSES[code].fix}`, { cause })
    this.code = code
    this.provider = provider ?? null
    this.detail = detail ?? null
  }

  /** Status and texts of the cause. */
  get explained(): Cause {
    return CAUSES[this.code]
  }
}

/** A mistake in the options: thrown where the client is made, never while it serves. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
  /** The option that is wrong, by its name. */
  readonly option: string

  constructor(option: string, message: string) {
    super(message)
    this.option = option
  }
}
