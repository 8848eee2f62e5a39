import {
  AUDIT_EVENTS,
  AUDIT_FIELDS,
  AUDIT_WARNINGS,
  type AuditEvent,
} from '../../packages/server/src/audit/events.ts'
import { createAudit } from '../../packages/server/src/audit/log.ts'

const EXAMPLE: AuditEvent = {
  event: 'token.refused',
  reason: 'pkce_mismatch',
  error: 'invalid_grant',
  clientId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  ip: '192.0.2.1',
  reference: 'q3hX0a_d',
}

/** The reference of the log, from the tables that its types are made of. */
export function eventsPage(): string {
  const events = Object.entries(AUDIT_EVENTS).map(
    ([name, when]) => `| \`${name}\` | ${levelOf(name)} | ${when} |`,
  )
  const fields = Object.entries(AUDIT_FIELDS).map(([name, what]) => `| \`${name}\` | ${what} |`)
  return `# Events in the log

Every sign-in, token, revocation, reuse and administrative act is one line of JSON: on stderr, or where
[\`log\`](../guides/mount-in-your-app.md#options) says. No line holds a token, a secret, a password or what somebody typed.

\`\`\`json
${exampleLine()}
\`\`\`

## Events
| \`event\` | level | written when |
|---|---|---|
${events.join('\n')}

## Fields
A line has the fields that apply to its event.

| field | |
|---|---|
| \`level\` | 30 information, 40 warning, 50 error. |
| \`time\` | UTC, ISO 8601. |
${fields.join('\n')}

A \`fault\` has \`reference\`, \`kind\`, \`message\`, \`stack\` and perhaps \`cause\`: the error's name, its text without what looks like a
token, and where it came from. What each \`reason\` means and how to mend it: [Errors and cause codes](errors.md#cause-codes).
`
}

function levelOf(event: string): string {
  if (event === 'fault') return 'error'
  return AUDIT_WARNINGS.has(event) ? 'warning' : 'information'
}

/** What the log itself writes, at a time that stays the same. */
function exampleLine(): string {
  let line = ''
  createAudit({ write: (text) => (line = text) }).record(EXAMPLE)
  return line.trim().replace(/"time":"[^"]*"/, '"time":"2026-07-31T09:00:00.000Z"')
}
