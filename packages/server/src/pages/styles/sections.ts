/** What single pages are made of: people, apps, what is asked, and the developers' block. */
export const sections = `.tile {
  display: grid;
  place-items: center;
  flex: none;
  width: 40px;
  height: 40px;
  font-weight: 600;
  color: var(--muted);
  background: var(--control-hover);
  border-radius: 50%;
}
.tile-app { border-radius: var(--radius-control); }
.row { display: flex; align-items: center; gap: var(--space-3); min-width: 0; }
.row-text { flex: 1; min-width: 0; line-height: 1.375; overflow-wrap: anywhere; }
.row-text > span { display: block; }
.boxed { padding: var(--space-3) var(--space-4); border: 1px solid var(--hairline); border-radius: var(--radius-control); }
.list { border: 1px solid var(--hairline); border-radius: var(--radius-control); overflow: hidden; }
.list > li + li { border-top: 1px solid var(--hairline); }
.list > li.row, .account { padding: var(--space-3) var(--space-4); }
.account { display: grid; gap: var(--space-3); padding-block: var(--space-4); }
.account .row { align-items: flex-start; }

/* A whole row that is a button. */
.choice {
  display: flex;
  align-items: center;
  gap: var(--space-3);
  width: 100%;
  min-height: 64px;
  padding: var(--space-3) var(--space-4);
  font: inherit;
  text-align: start;
  color: inherit;
  background: none;
  border: 0;
  cursor: pointer;
}
.choice:hover { background: var(--control-hover); }
.choice:active { background: var(--control-pressed); }
.choice:focus-visible { outline-offset: -3px; }
.choice .icon { color: var(--muted); }

.section-lead { margin-bottom: var(--space-3); }
.section-more { margin-block: 0 -12px; text-align: center; }
h2 + .list, h2 + .providers { margin-top: var(--space-2); }

.badge { display: inline-flex; align-items: center; gap: var(--space-1); font-size: var(--size-small); font-weight: 600; white-space: nowrap; }
.badge-good { color: var(--accent-ink); }
.badge-warning { color: var(--warning); }

.asks { display: grid; gap: var(--space-3); margin-top: var(--space-3); }
.asks li { display: flex; gap: var(--space-3); line-height: 1.375; }
.asks .icon { color: var(--accent-ink); margin-top: 1px; }
.asks .sensitive .icon:first-child { color: var(--warning); }
.asks-meta { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 var(--space-2); }

.developer { border-top: 1px solid var(--hairline); padding-top: var(--space-2); font-size: var(--size-small); }
.developer summary { display: flex; align-items: center; min-height: var(--control-height); font-weight: 600; color: var(--muted); cursor: pointer; }
.developer summary::before { content: '+'; width: var(--space-5); font-weight: 400; font-size: var(--size-lead); }
.developer[open] summary::before { content: '\\2013'; }
.developer dl { display: grid; gap: var(--space-3); padding: var(--space-2) 0 0 var(--space-5); }
.developer dt { color: var(--muted); }
.reference { font-variant-numeric: tabular-nums; }
`
