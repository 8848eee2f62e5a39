import type { Reply } from './incoming.ts'

/** The look of the pages, light and dark; contrasts of text are above 4.5 : 1, of controls above 3 : 1. */
const CSS = `:root {
  color-scheme: light dark;
  --ground: #f6f5f3;
  --card: #ffffff;
  --line: #8a857d;
  --text: #23211e;
  --muted: #5c5750;
  --accent: #1d5c3f;
  --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #181715;
    --card: #23211f;
    --line: #8f8a82;
    --text: #f0eee9;
    --muted: #b9b3aa;
    --accent: #7fd1a4;
    --on-accent: #10291c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 48px 16px;
  background: var(--ground);
  color: var(--text);
  font: 16px/1.5 system-ui, sans-serif;
}
main {
  max-width: 480px;
  margin: 0 auto;
  padding: 32px;
  background: var(--card);
  border-radius: 12px;
  box-shadow: 0 1px 8px rgb(0 0 0 / 0.12);
}
h1 { margin: 0 0 8px; font-size: 20px; font-weight: 600; line-height: 1.3; }
p { margin: 0 0 16px; }
.wrap { overflow-wrap: anywhere; }
.label { margin: 0 0 4px; font-size: 14px; color: var(--muted); }
.words {
  padding: 8px 12px;
  border-left: 3px solid var(--line);
  overflow-wrap: anywhere;
}
.actions { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0; }
.button {
  display: flex;
  flex: 1 1 160px;
  align-items: center;
  justify-content: center;
  min-height: 44px;
  padding: 8px 16px;
  border: 1px solid var(--accent);
  border-radius: 8px;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  text-decoration: none;
}
.button:hover { text-decoration: underline; }
button.button { font: inherit; font-weight: 600; cursor: pointer; }
.quiet { background: none; border-color: var(--line); color: var(--text); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
summary { min-height: 44px; padding: 10px 0; cursor: pointer; color: var(--muted); font-size: 14px; }
dl { margin: 0; font-size: 14px; }
dt { font-weight: 600; }
dd { margin: 0 0 12px; overflow-wrap: anywhere; }
@media (max-width: 480px) {
  body { padding: 0; background: var(--card); }
  main { border-radius: 0; box-shadow: none; padding: 24px 16px; }
}
`

/** The style file, which the page's policy allows from the app's own origin alone. */
export const STYLE_REPLY: Reply = {
  status: 200,
  headers: {
    'Content-Type': 'text/css; charset=utf-8',
    'Cache-Control': 'public, max-age=3600',
    'X-Content-Type-Options': 'nosniff',
  },
  cookies: [],
  body: CSS,
}
