/** The only error that the stores throw. The message holds cause and fix, never data; `cause` is for the log. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
