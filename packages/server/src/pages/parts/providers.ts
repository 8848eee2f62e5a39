import { html, raw } from 'hono/html'
import type { Html } from '../layout.ts'
import type { ProviderItem, ProviderLink } from '../views.ts'
import { BRANDS } from './brands.ts'
import { icon } from './icons.ts'
import { name } from './people.ts'

/** More than these would push the form off the screen: the others wait behind "More ways to sign in". */
const SHOWN = 5

/** A provider's mark, or for one that nobody drew a key. Decoration only: its name stands beside it. */
export function providerMark({ brand }: Pick<ProviderItem, 'brand'>): Html {
  if (brand === null) return icon('key')
  const { box, mark } = BRANDS[brand]
  return raw(
    `<svg class="icon provider-mark" viewBox="0 0 ${box} ${box}" aria-hidden="true" focusable="false">${mark}</svg>`,
  )
}

/** The ways to sign in with a provider, as links: a form could not follow where some providers redirect to. */
export function providerButtons(providers: readonly ProviderLink[]): Html | string {
  if (providers.length === 0) return ''
  const [first, rest] =
    providers.length <= SHOWN + 1 ? [providers, []] : [providers.slice(0, SHOWN), providers.slice(SHOWN)]
  return html`<div class="providers">
${first.map(providerButton)}
${
  rest.length === 0
    ? ''
    : html`<details class="more-providers"><summary>More ways to sign in</summary>
<div class="providers">
${rest.map(providerButton)}
</div></details>`
}
</div>`
}

function providerButton(provider: ProviderLink): Html {
  const { brand, href } = provider
  const classes = brand === null ? 'button provider' : `button provider provider-${brand}`
  const words = brand === null ? 'Sign in with' : BRANDS[brand].words
  return html`<a class="${classes}" href="${href}" rel="nofollow">${providerMark(provider)}<span>${words} ${name(provider.name)}</span></a>`
}

/** The line between the providers and our own form. */
export function orLine(): Html {
  return html`<p class="or"><span>or</span></p>`
}
