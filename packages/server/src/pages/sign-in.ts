import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { field, form } from './parts/form.ts'
import { icon } from './parts/icons.ts'
import { leadTo, name } from './parts/people.ts'
import { fieldError, problemSummary } from './parts/problem.ts'
import { orLine, providerButtons } from './parts/providers.ts'
import type { PageFrame, SignInNotice, SignInView } from './views.ts'

/** `/login`: the providers, if any, then e-mail and password. */
export function signInPage(frame: PageFrame, view: SignInView): Html {
  const title = view.again ? 'Confirm it is you' : 'Sign in'
  return layout(frame, {
    title,
    failed: view.problem !== null,
    body: html`<h1>${title}</h1>
${lead(view)}
${ways(view)}
${form(
  view.form,
  html`${problemSummary(view.problem)}
${fields(view)}
<button class="button button-primary" type="submit">Sign in</button>
${
  view.chooseHref === null
    ? ''
    : html`<p class="actions"><a class="action" href="${view.chooseHref}">Choose another account</a></p>`
}`,
)}`,
  })
}

function lead(view: SignInView): Html | string {
  if (!view.again) return leadTo(view.app, 'to continue to')
  const how = view.providers.length === 0 ? 'Enter your password again' : 'Sign in once more'
  return view.app === null
    ? html`<p class="lead">${how} to go on.</p>`
    : leadTo(view.app, `${how} to continue to`)
}

/** What comes before the form: a word about the last try, the providers, and why some are missing. */
function ways(view: SignInView): Html | string {
  const { providers, unable, notice } = view
  if (providers.length === 0 && unable.length === 0 && notice === null) return ''
  return html`<div class="stack">
${notice === null ? '' : noticeBox(notice)}
${providerButtons(providers)}
${unable.length === 0 ? '' : html`<p class="quiet">${unableWords(unable)}</p>`}
${providers.length === 0 ? '' : orLine()}
</div>`
}

function noticeBox({ kind, provider }: SignInNotice): Html {
  const [title, text] =
    kind === 'denied'
      ? [
          html`You are not signed in with ${name(provider)}`,
          'It says that you did not allow it, or that you may not. Try again, or sign in another way.',
        ]
      : [
          html`${name(provider)} did not ask you to sign in again`,
          'That is needed here, and it let you pass without. Sign out there first, or sign in another way.',
        ]
  return html`<div class="notice notice-warning" role="alert">${icon('warning')}<div><strong>${title}</strong><p>${text}</p></div></div>`
}

function unableWords(names: readonly string[]): Html {
  const listed = names.map((each, at) => html`${separator(at, names.length)}${name(each)}`)
  return html`${listed} cannot confirm that it is you again, which is asked for here.`
}

function separator(at: number, count: number): string {
  if (at === 0) return ''
  return at === count - 1 ? ' and ' : ', '
}

function fields(view: SignInView): Html {
  const emailError = fieldError(view.problem, 'email')
  const passwordError = fieldError(view.problem, 'password')
  const refused = view.problem?.kind === 'refused'
  // The first thing still to be typed; where there are buttons above it, nothing jumps past them.
  const jumps = view.providers.length === 0 || view.problem !== null || view.email !== ''
  const start = view.email === '' || emailError !== null ? 'email' : 'password'
  return html`${field({
    name: 'email',
    label: 'Email',
    type: 'email',
    autocomplete: 'username',
    value: view.email,
    error: emailError,
    invalid: refused,
    autofocus: jumps && start === 'email',
  })}
${field({
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  value: '',
  error: passwordError,
  invalid: refused,
  autofocus: jumps && start === 'password',
})}`
}
