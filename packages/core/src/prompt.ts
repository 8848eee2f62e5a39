import { OAuthError } from './errors.ts'
import { isOneOf } from './vocabulary.ts'

/** What a client may demand of the person's browser (OpenID Connect Core §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const
/** One value of `prompt` (OpenID Connect Core §3.1.2.1). */
export type Prompt = (typeof PROMPTS)[number]

/** Reads `prompt`; absent is the empty set. Throws invalid_request on unknown values and on none beside another. */
export function parsePrompt(text: string | null): ReadonlySet<Prompt> {
  const prompts = new Set<Prompt>()
  for (const word of text === null ? [] : text.split(' ')) {
    if (!isOneOf(PROMPTS, word)) {
      throw new OAuthError(
        'invalid_request',
        'prompt may hold none, login, consent and select_account, with one space between them.',
        { reason: 'prompt_unknown' },
      )
    }
    prompts.add(word)
  }
  // MUST, OpenID Connect Core §3.1.2.1: none with any other value is an error.
  if (prompts.has('none') && prompts.size > 1) {
    throw new OAuthError('invalid_request', 'prompt=none cannot stand beside another value.', {
      reason: 'prompt_none_combined',
    })
  }
  return prompts
}
