/**
 * The buttons of providers. Colours and font of Google, Apple and Microsoft are those of their guidelines, light and
 * dark; GitHub's and X's marks are black or white alone.
 */
export const providers = `.providers { display: grid; gap: var(--space-3); }
.provider { gap: var(--space-3); font-weight: 600; }
.provider bdi { font-weight: inherit; }
.provider-mark { width: 20px; height: 20px; }
.provider span { min-width: 0; overflow-wrap: anywhere; }
.provider-github .icon, .provider-x .icon { color: #000000; }
.provider-google { color: #1f1f1f; background: #ffffff; border-color: #747775; font: 500 0.9375rem/1.25 Roboto, var(--font); }
.provider-google .icon { width: 18px; height: 18px; }
.provider-google:hover { background: #f7f7f7; }
.provider-google:active { background: #eeeeee; }
.provider-microsoft { color: #5e5e5e; background: #ffffff; border-color: #8c8c8c; font-family: 'Segoe UI', var(--font); }
.provider-microsoft:hover { background: #f7f7f7; }
.provider-microsoft:active { background: #eeeeee; }
.provider-apple { color: #ffffff; background: #000000; border-color: #000000; font-family: -apple-system, var(--font); }
.provider-apple .icon { margin-top: -2px; }
.provider-apple:hover { background: #1d1d1f; }
.provider-apple:active { background: #333336; }
@media (prefers-color-scheme: dark) {
  .provider-github .icon, .provider-x .icon { color: #ffffff; }
  .provider-google { color: #e3e3e3; background: #131314; border-color: #8e918f; }
  .provider-google:hover { background: #1f1f20; }
  .provider-google:active { background: #2a2a2c; }
  .provider-microsoft { color: #ffffff; background: #2f2f2f; border-color: #8c8c8c; }
  .provider-microsoft:hover { background: #3a3a3a; }
  .provider-microsoft:active { background: #454545; }
  .provider-apple { color: #000000; background: #ffffff; border-color: #ffffff; }
  .provider-apple:hover { background: #f0f0f0; }
  .provider-apple:active { background: #e2e2e2; }
}

.more-providers summary {
  display: flex;
  align-items: center;
  justify-content: center;
  min-height: var(--control-height);
  font-weight: 600;
  font-size: var(--size-small);
  color: var(--accent-ink);
  cursor: pointer;
  list-style: none;
}
.more-providers summary::-webkit-details-marker { display: none; }
.more-providers summary::after { content: '+'; margin-inline-start: var(--space-2); font-weight: 400; font-size: var(--size-lead); }
.more-providers[open] summary::after { content: '\\2013'; }
.more-providers[open] > .providers { margin-top: var(--space-2); }

.or { display: flex; align-items: center; gap: var(--space-4); color: var(--muted); font-size: var(--size-small); }
.or::before, .or::after { content: ''; flex: 1; border-top: 1px solid var(--hairline); }
`
