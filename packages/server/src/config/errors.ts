/** A setting that cannot work: names the key and says the fix. Never holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** The setting at fault, dotted: `refresh.idleSeconds`, `DOORWARD_SECRET`, `--database-url`. */
  readonly key: string

  constructor(key: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.key = key
  }
}
