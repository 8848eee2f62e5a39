/** What the harness tells the server process of the token row. */
export type TokenServerSettings = {
  readonly databaseFile: string
  readonly secret: string
  readonly resource: string
  readonly scope: string
  readonly lifetimeSeconds: number
  /** Keep client and resource in memory, as the plugin can. */
  readonly cached: boolean
}
