/** Type, landmarks and the one card. */
export const base = `*, *::before, *::after { box-sizing: border-box; }
html { font: 400 100%/1.5 var(--font); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  padding: var(--space-7) var(--space-4);
  display: flex;
  flex-direction: column;
  align-items: center;
  justify-content: center;
  gap: var(--space-5);
  background: var(--ground);
  color: var(--text);
}
h1, h2, p, ul, dl, dd { margin: 0; padding: 0; }
h1 { font-size: var(--size-title); font-weight: 600; line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: var(--size-small); font-weight: 600; color: var(--muted); margin-bottom: var(--space-1); }
h1, h2, p, li, dd { overflow-wrap: anywhere; }
ul { list-style: none; }
bdi { font-weight: 600; }
bdi.plain { font-weight: inherit; }
code { font: 400 var(--size-small)/1.5 var(--font-code); overflow-wrap: anywhere; }
a { color: var(--accent-ink); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent-ink); outline-offset: 2px; border-radius: var(--radius-control); }

.card {
  width: 100%;
  max-width: 400px;
  padding: var(--space-6);
  background: var(--card);
  border: 1px solid var(--hairline);
  border-radius: var(--radius-card);
  box-shadow: var(--shadow);
}
.brand { display: flex; align-items: center; gap: var(--space-3); margin-bottom: var(--space-6); font-weight: 600; }
.brand-mark { display: block; width: 32px; height: 32px; }
.brand-logo { display: block; max-width: 200px; height: 32px; object-fit: contain; object-position: left; }
.lead { margin-top: var(--space-2); color: var(--muted); text-wrap: pretty; }
.lead bdi { color: var(--text); }
.stack { display: grid; gap: var(--space-5); margin-top: var(--space-5); }
.stack-tight { gap: var(--space-3); }
.quiet { color: var(--muted); font-size: var(--size-small); }
.footer { font-size: var(--size-small); }
.footer ul { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 var(--space-5); }
.footer a { color: var(--muted); font-weight: 400; text-decoration-color: transparent; }
.footer a:hover { text-decoration-color: currentColor; }

/* A narrow screen has no room for a card on a page: the card is the page. */
@media (max-width: 480px) {
  body { padding: 0; gap: 0; justify-content: flex-start; background: var(--card); }
  .card { max-width: none; padding: var(--space-6) var(--space-5); background: none; border: 0; border-radius: 0; box-shadow: none; }
  .footer { margin-top: auto; padding: 0 var(--space-5) var(--space-4); }
}
@media (min-width: 481px) and (max-height: 720px) {
  body { padding-block: var(--space-5); justify-content: flex-start; }
}
`
