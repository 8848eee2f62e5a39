/** Exit codes: 1 where the work failed, 2 where the command was written wrongly. */
export const FAILED = 1
/** Exit code of a command that was written wrongly. */
export const WRONG_USAGE = 2

/** A command that cannot go on: one sentence that names the cause and the fix. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: typeof FAILED | typeof WRONG_USAGE

  constructor(exitCode: typeof FAILED | typeof WRONG_USAGE, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Nothing by that name: which kind of thing, and how to see those that exist. */
export function notFound(kind: string, hint: string): CommandError {
  return new CommandError(FAILED, `There is no such ${kind}. ${hint}`)
}

/** Names of errors whose message is a finished sentence for people; all others are bugs or the machine's. */
const SPOKEN = new Set([
  'CommandError',
  'InputError',
  'ConfigError',
  'StorageError',
  'WorkerError',
  'ShutdownError',
])

/** What to print for whatever was thrown, and the exit code. Set DOORWARD_DEBUG to see where it came from. */
export function explain(cause: unknown): { readonly text: string; readonly exitCode: number } {
  const exitCode = cause instanceof CommandError ? cause.exitCode : FAILED
  if (!(cause instanceof Error)) return { text: 'Something failed, and nothing says what.', exitCode }
  if (process.env.DOORWARD_DEBUG) return { text: cause.stack ?? cause.message, exitCode }
  if (SPOKEN.has(cause.name)) return { text: cause.message, exitCode }
  if (cause.name === 'OAuthError' && 'description' in cause)
    return { text: String(cause.description), exitCode }
  return { text: machineFailure(cause) ?? `Something failed: ${cause.message}`, exitCode }
}

/** The operating system's usual refusals, in words that say what to do. */
function machineFailure(error: Error): string | null {
  const code = 'code' in error ? error.code : null
  const path = 'path' in error && typeof error.path === 'string' ? error.path : 'the file'
  if (code === 'ENOENT') return `${path} does not exist. Check the path.`
  if (code === 'EACCES' || code === 'EPERM')
    return `${path} may not be opened by this user. Check its permissions.`
  if (code === 'EISDIR') return `${path} is a folder; a file is needed.`
  if (code === 'ENOSPC') return 'The disk is full. Make room and try again.'
  return null
}
