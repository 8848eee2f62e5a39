import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import type { AccountItem, AppView } from '../views.ts'

/** A name that somebody else chose, shielded so that its writing direction cannot rearrange our words. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`
}

/** The first letter of a name, in a tile; decoration only. */
export function initial(text: string, kind: 'person' | 'app'): Html {
  const [letter = '?'] = text.trim().match(/\p{L}|\p{N}/u) ?? []
  const classes = kind === 'app' ? 'tile tile-app' : 'tile'
  return html`<span class="${classes}" aria-hidden="true">${letter.toLocaleUpperCase('en')}</span>`
}

/** Who an account belongs to: name and e-mail, or the e-mail alone. */
export function person(account: AccountItem): Html {
  const named = account.name !== null && account.name.trim() !== ''
  return html`${initial(named ? (account.name ?? '') : account.email, 'person')}
<span class="row-text">${named ? html`<span>${name(account.name ?? '')}</span>` : ''}<span${
    named ? html` class="quiet"` : ''
  }>${named ? html`<span dir="auto">${account.email}</span>` : name(account.email)}</span></span>`
}

/** "to continue to Orders", or nothing where no app asks. */
export function leadTo(app: AppView | null, before: string): Html | string {
  return app === null ? '' : html`<p class="lead">${before} ${name(app.name)}</p>`
}
