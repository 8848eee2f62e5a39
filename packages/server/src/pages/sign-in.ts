import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { field, form } from './parts/form.ts'
import { leadTo } from './parts/people.ts'
import { fieldError, problemSummary } from './parts/problem.ts'
import type { PageFrame, SignInView } from './views.ts'

/** `/login`: e-mail and password. */
export function signInPage(frame: PageFrame, view: SignInView): Html {
  const title = view.again ? 'Confirm it is you' : 'Sign in'
  return layout(frame, {
    title,
    failed: view.problem !== null,
    body: html`<h1>${title}</h1>
${lead(view)}
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
  return view.app === null
    ? html`<p class="lead">Enter your password again to go on.</p>`
    : leadTo(view.app, 'Enter your password again to continue to')
}

function fields(view: SignInView): Html {
  const emailError = fieldError(view.problem, 'email')
  const passwordError = fieldError(view.problem, 'password')
  const refused = view.problem?.kind === 'refused'
  // The first thing still to be typed.
  const start = view.email === '' || emailError !== null ? 'email' : 'password'
  return html`${field({
    name: 'email',
    label: 'Email',
    type: 'email',
    autocomplete: 'username',
    value: view.email,
    error: emailError,
    invalid: refused,
    autofocus: start === 'email',
  })}
${field({
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  value: '',
  error: passwordError,
  invalid: refused,
  autofocus: start === 'password',
})}`
}
