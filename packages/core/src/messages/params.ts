import { OAuthError } from '../errors.ts'

const MAX_PARAMETERS = 100
const MAX_NAME_LENGTH = 128
const MAX_LENGTH = 8 * 1024
const MAX_TOKEN_LENGTH = 16 * 1024
const MAX_WORDS = 20
/** Parameters that hold a JWT, which may be longer than others. */
const TOKEN_PARAMETERS: ReadonlySet<string> = new Set([
  'access_token',
  'client_assertion',
  'id_token_hint',
  'refresh_token',
  'request',
  'token',
])

/** The parameters of one request. Absent and empty are the same (RFC 6749 §3.1). */
export type Params = {
  /** The value, or null where it is absent. */
  get(name: string): string | null
  /** Every value of a repeatable parameter, in order. */
  getAll(name: string): readonly string[]
  /** The value. Throws invalid_request where it is absent. */
  required(name: string): string
  /** Throws the problem that `parseParams` was told to defer, if there is one. */
  check(): void
}

/** How the parameters of one message are read. */
export type ParamsOptions = {
  /** Names that may come more than once. */
  readonly repeatable?: readonly string[]
  /**
   * Keeps a problem until its parameter is read or `check` is called, so that the authorization endpoint can
   * prove client and redirect URI first and send the error there (RFC 6749 §4.1.2.1).
   */
  readonly deferred?: boolean
}

/**
 * Reads a query or form: every parameter at most once but for the repeatable ones (RFC 6749 §3.1), all bounded.
 * Throws invalid_request.
 */
export function parseParams(search: URLSearchParams, options: ParamsOptions = {}): Params {
  if (search.size > MAX_PARAMETERS) {
    throw new OAuthError('invalid_request', 'The request holds more than 100 parameters.', {
      reason: 'parameters_too_many',
    })
  }
  const { values, problems } = collect(search, options.repeatable ?? [])
  const params = readOnly(values, problems)
  if (options.deferred !== true) params.check()
  return params
}

/** The text of `name`, or null where it is absent. Throws invalid_request beyond `max` or with control characters. */
export function boundedText(params: Params, name: string, max: number): string | null {
  const value = params.get(name)
  if (value === null) return null
  if (value.length > max) {
    throw new OAuthError('invalid_request', `${name} is too long.`, { reason: 'parameter_too_long' })
  }
  if (hasControlCharacter(value)) {
    throw new OAuthError('invalid_request', `${name} holds a control character.`, {
      reason: 'parameter_malformed',
    })
  }
  return value
}

/** A list of words that only help, such as `ui_locales`: the first 20 that can be read, each once; never refused. */
export function parseWordList(params: Params, name: string): readonly string[] {
  const words = (params.get(name) ?? '').split(' ').filter((word) => /^[\x21-\x7e]{1,256}$/.test(word))
  return [...new Set(words)].slice(0, MAX_WORDS)
}

/** True where `text` holds a control character. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text)
}

type Collected = {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly problems: ReadonlyMap<string, OAuthError>
}

function collect(search: URLSearchParams, repeatable: readonly string[]): Collected {
  const values = new Map<string, string[]>()
  const problems = new Map<string, OAuthError>()
  for (const [name, value] of search) {
    if (value === '') continue
    const problem = findProblem(name, value, values.has(name) && !repeatable.includes(name))
    if (problem !== null && !problems.has(name)) problems.set(name, problem)
    const earlier = values.get(name)
    if (earlier === undefined) values.set(name, [value])
    else earlier.push(value)
  }
  return { values, problems }
}

function readOnly(values: Collected['values'], problems: Collected['problems']): Params {
  const getAll = (name: string): readonly string[] => {
    const problem = problems.get(name)
    if (problem !== undefined) throw problem
    return values.get(name) ?? []
  }
  const get = (name: string): string | null => getAll(name)[0] ?? null
  return {
    get,
    getAll,
    required(name) {
      const value = get(name)
      if (value !== null) return value
      throw new OAuthError('invalid_request', `${name} is missing.`, { reason: 'parameter_missing' })
    },
    check() {
      for (const problem of problems.values()) throw problem
    },
  }
}

// The name is the sender's text here, so no description repeats it.
function findProblem(name: string, value: string, repeated: boolean): OAuthError | null {
  if (repeated) {
    return new OAuthError('invalid_request', 'A parameter was sent more than once.', {
      reason: 'parameter_repeated',
    })
  }
  if (
    name.length > MAX_NAME_LENGTH ||
    value.length > (TOKEN_PARAMETERS.has(name) ? MAX_TOKEN_LENGTH : MAX_LENGTH)
  ) {
    return new OAuthError('invalid_request', 'A parameter is too long.', { reason: 'parameter_too_long' })
  }
  // PostgreSQL's text takes no NUL: it would turn a bad request into a server error.
  if (name.includes('\0') || value.includes('\0')) {
    return new OAuthError('invalid_request', 'A parameter holds a NUL character.', {
      reason: 'parameter_malformed',
    })
  }
  return null
}
