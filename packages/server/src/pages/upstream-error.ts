import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import type { PageFrame, UpstreamErrorView } from './views.ts'

/** A sign-in with a provider that came to nothing: what happened, why, and the ways on. */
export function upstreamErrorPage(frame: PageFrame, view: UpstreamErrorView): Html {
  const { developer, retryHref } = view
  return layout(frame, {
    title: view.title,
    body: html`<h1>${view.title}</h1>
<p class="lead">${view.text}</p>
<div class="stack">
<section><h2>What to do next</h2><p>${view.next}</p></section>
${retryHref === null ? '' : html`<a class="button button-primary" href="${retryHref}" rel="nofollow">Try again</a>`}
<a class="button" href="${view.back.href}">${view.back.text}</a>
<p class="quiet">Reference <code class="reference">${view.reference}</code></p>
<details class="developer"><summary>For developers</summary>
<dl>
<div><dt>How to fix it</dt><dd>${withCode(developer.fix)}</dd></div>
<div><dt>Cause code</dt><dd><code>${developer.code}</code></dd></div>
<div><dt>Provider</dt><dd><code>${developer.provider}</code></dd></div>
${developer.words === null ? '' : html`<div><dt>In detail</dt><dd><bdi class="plain">${developer.words}</bdi></dd></div>`}
<div><dt>Explained in</dt><dd><code>${developer.explainedIn}</code></dd></div>
</dl></details>
</div>`,
  })
}

/** Our own texts mark names of settings by backticks. */
function withCode(text: string): readonly (Html | string)[] {
  return text.split('`').map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`))
}
