import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import type { FormView } from '../views.ts'
import { icon } from './icons.ts'

/**
 * A form that posts to ourselves; works without JavaScript, from its action and hidden fields alone. Our own
 * words say what is missing, beside the field, instead of each browser's.
 */
export function form(view: FormView, body: Html): Html {
  return html`<form class="stack" method="post" action="${view.action}" novalidate>
<input type="hidden" name="csrf" value="${view.csrf}">
${body}
</form>`
}

type Field = {
  readonly name: string
  readonly label: string
  readonly type: 'email' | 'password'
  readonly autocomplete: 'username' | 'current-password'
  /** What was typed before; always '' for a password. */
  readonly value: string
  readonly error: string | null
  /** True where the summary above speaks of this field. */
  readonly invalid: boolean
  readonly autofocus: boolean
}

/** A label above its field, and its error right below, tied to it for screen readers. */
export function field(model: Field): Html {
  const described = model.error !== null ? `${model.name}-error` : model.invalid ? 'problem' : null
  return html`<div class="field">
<label for="${model.name}">${model.label}</label>
<input id="${model.name}" name="${model.name}" type="${model.type}" autocomplete="${model.autocomplete}" required${
    model.type === 'email' ? html` inputmode="email" autocapitalize="none" spellcheck="false"` : ''
  }${model.value === '' ? '' : html` value="${model.value}"`}${
    described === null ? '' : html` aria-invalid="true" aria-describedby="${described}"`
  }${model.autofocus ? html` autofocus` : ''}>
${model.error === null ? '' : html`<p class="field-error" id="${model.name}-error">${icon('error', 'small')}${model.error}</p>`}
</div>`
}

/** One of the form's answers, as a button that carries it. */
export function choiceButton(
  choice: { readonly name: string; readonly value: string; readonly text: string },
  kind: 'primary' | 'plain',
): Html {
  const classes = kind === 'primary' ? 'button button-primary' : 'button'
  return html`<button class="${classes}" type="submit" name="${choice.name}" value="${choice.value}">${choice.text}</button>`
}
