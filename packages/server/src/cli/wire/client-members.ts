/** How a member of client metadata is read from a text (RFC 7591 §2). What is not listed is a text. */
const KINDS: Readonly<Record<string, 'list' | 'boolean' | 'number' | 'json'>> = {
  grant_types: 'list',
  response_types: 'list',
  redirect_uris: 'list',
  post_logout_redirect_uris: 'list',
  contacts: 'list',
  introspects: 'list',
  cors_origins: 'list',
  require_auth_time: 'boolean',
  backchannel_logout_session_required: 'boolean',
  trusted: 'boolean',
  first_party: 'boolean',
  default_max_age: 'number',
  jwks: 'json',
}

/**
 * A member's value from `--set name=value`: lists are JSON or words apart, booleans and numbers as JSON writes
 * them. A text that does not fit stays a text, which the registration then refuses by the member's name.
 */
export function memberFromText(name: string, text: string): unknown {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (kind === 'number') return /^\d+$/.test(text) ? Number(text) : text
  if (kind === 'json') return parseJson(text)
  if (kind !== 'list') return text
  return text.trimStart().startsWith('[') ? parseJson(text) : text.split(/\s+/).filter((word) => word !== '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
