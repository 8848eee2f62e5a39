import { OAUTH_ERRORS, REASONS } from '@doorward/core'

/** The reference of errors, from the two tables that the code throws from. */
export function errorsPage(): string {
  const codes = Object.entries(OAUTH_ERRORS).map(
    ([code, { status, rfc }]) => `| \`${code}\` | ${status} | ${rfc} |`,
  )
  const reasons = Object.entries(REASONS).map(([reason, text]) => `### ${reason}\n${text}\n`)
  return `# Errors and cause codes

Program endpoints answer errors as JSON: \`error\` and \`error_description\` as the RFCs define them, and \`reason\`: a stable
cause code. Where a request lacks its token there is no \`error\` (RFC 6750 §3.1). Error pages show the same cause code in their
folded part, and the log has it under the same reference. Nothing in an answer or a log is a token, a secret or what somebody typed.

## Error codes
The status is the one at program endpoints; at the authorization endpoint the error goes to the redirect URI.

| \`error\` | status | defined in |
|---|---|---|
${codes.join('\n')}

A body over the limit is 413, too many attempts 429 with \`Retry-After\`, a wrong method 405 with \`Allow\`.

## Cause codes
${reasons.join('\n')}`
}
