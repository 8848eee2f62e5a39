import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import type { FormProblem } from '../views.ts'
import { icon } from './icons.ts'

const MISSING = {
  email: 'Enter your email address.',
  password: 'Enter your password.',
  account: 'Choose an account.',
  decision: 'Choose one of the two buttons.',
  connection: 'Choose what to connect.',
} as const

/** Why a form is shown again, in a few words and a sentence. */
export function problemWords(problem: FormProblem): { readonly title: string; readonly text: string } {
  switch (problem.kind) {
    case 'refused':
      // The same words for a wrong password and for the throttle: neither says which it was.
      return {
        title: 'That email and password do not match',
        text: 'Check both and try again. After too many tries, wait some minutes first.',
      }
    case 'stale':
      return { title: 'This page was open too long', text: 'Nothing was done. Please send it again.' }
    case 'busy':
      return {
        title: 'Many people are signing in',
        text: `Nothing is wrong with what you entered. Try again in ${wait(problem.waitSeconds)}.`,
      }
    case 'missing':
      return { title: 'Something is missing', text: problem.fields.map((field) => MISSING[field]).join(' ') }
  }
}

/** The summary at the top of a form; `role=alert`, so that it is read out as the page opens. */
export function problemSummary(problem: FormProblem | null): Html | string {
  if (problem === null) return ''
  const { title, text } = problemWords(problem)
  const kind = problem.kind === 'refused' || problem.kind === 'missing' ? 'danger' : 'warning'
  return html`<div class="notice notice-${kind}" id="problem" role="alert">${icon(
    kind === 'danger' ? 'error' : 'warning',
  )}<div><strong>${title}</strong><p>${text}</p></div></div>`
}

/** The error that belongs beside one field, or null. */
export function fieldError(problem: FormProblem | null, field: 'email' | 'password'): string | null {
  return problem?.kind === 'missing' && problem.fields.includes(field) ? MISSING[field] : null
}

/** Seconds as a person says them; rounded up, so that nobody comes back too early. */
export function wait(seconds: number): string {
  if (seconds < 60) return count(Math.max(1, Math.ceil(seconds)), 'second')
  return count(Math.ceil(seconds / 60), 'minute')
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
