/** What the server of better-auth is told. */
export type BetterAuthSettings = {
  readonly databaseFile: string
  /** Trusts a signed cookie for five minutes instead of asking the database. */
  readonly cookieCache: boolean
}
