/** Fields, buttons, links that act, and notices. Every control is at least 44 px high. */
export const controls = `.field { display: grid; gap: var(--space-2); }
.field label { font-weight: 600; font-size: var(--size-small); }
.field input {
  width: 100%;
  min-height: var(--control-height);
  padding: 0 var(--space-3);
  font: inherit;
  color: var(--text);
  background: var(--card);
  border: 1px solid var(--control-line);
  border-radius: var(--radius-control);
}
.field input:hover { border-color: var(--text); }
.field input:focus-visible { outline-offset: 1px; }
.field input[aria-invalid='true'] { border: 2px solid var(--danger); padding: 0 11px; }
.field-error { display: flex; gap: var(--space-2); color: var(--danger); font-size: var(--size-small); }
.field-error svg { margin-top: 2px; }

.button {
  display: flex;
  align-items: center;
  justify-content: center;
  width: 100%;
  min-height: var(--control-height);
  padding: var(--space-2) var(--space-4);
  font: 600 1rem/1.25 var(--font);
  text-align: center;
  text-decoration: none;
  color: var(--text);
  background: var(--card);
  border: 1px solid var(--control-line);
  border-radius: var(--radius-control);
  cursor: pointer;
}
.button:hover { background: var(--control-hover); }
.button:active { background: var(--control-pressed); }
.button-primary { color: var(--on-accent); background: var(--accent); border-color: transparent; }
.button-primary:hover { background: var(--accent-hover); }
.button-primary:active { background: var(--accent-pressed); }
.button-danger { color: var(--danger); border-color: currentColor; }
.button[disabled] { color: var(--muted); background: var(--control-hover); border-style: dashed; cursor: not-allowed; }
.disabled-reason { margin-top: var(--space-2); }
.button-pair { display: grid; grid-template-columns: 1fr 1fr; gap: var(--space-3); }
.button-small { width: auto; flex: none; padding-inline: var(--space-3); font-size: var(--size-small); }
.action { display: inline-flex; align-items: center; min-height: var(--control-height); font-weight: 600; font-size: var(--size-small); }
.actions { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 var(--space-5); margin-block: -12px; }

.notice {
  display: flex;
  gap: var(--space-3);
  padding: var(--space-3) var(--space-4);
  border-radius: var(--radius-control);
  font-size: var(--size-small);
}
.notice strong { display: block; }
.notice-danger { color: var(--text); background: var(--danger-ground); }
.notice-danger svg, .notice-danger strong { color: var(--danger); }
.notice-warning { color: var(--text); background: var(--warning-ground); }
.notice-warning svg, .notice-warning strong { color: var(--warning); }
.notice-good { color: var(--text); background: var(--sunken); }
.notice-good svg, .notice-good strong { color: var(--accent-ink); }
.notice a { color: inherit; }
.icon { flex: none; display: block; width: 20px; height: 20px; }
.icon-small { width: 16px; height: 16px; }
`
