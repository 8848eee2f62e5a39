import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalServer } from '../local-server.ts'

/** What the issuer is to make. */
export type TokenOrder = {
  /** Where it writes the tokens. */
  readonly file: string
  /** How many different good tokens. */
  readonly good: number
  readonly audience: string
  readonly scope: string
  readonly email: string
}

/** Tokens for the guards to judge. */
export type Tokens = {
  readonly good: readonly string[]
  /** Each is good but for what its name says, and must be answered 401. */
  readonly bad: Readonly<Record<string, string>>
  /** Must be answered 403. */
  readonly withoutScope: string
}

/** What the tokens are for, and whom they speak of. */
export const AUDIENCE = {
  audience: 'https://api.example.com',
  scope: 'read',
  email: 'user@example.com',
} as const

/** A running issuer and its tokens. */
export type Issuer = { readonly url: string; readonly tokens: Tokens; stop(): Promise<void> }

/** Starts an issuer of `good` tokens on another core than `serverCpu`, so that it takes nothing from the server there. */
export async function startIssuer(good: number, serverCpu: number): Promise<Issuer> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-tokens-'))
  const order: TokenOrder = { file: join(folder, 'tokens.json'), good, ...AUDIENCE }
  const file = new URL('./servers/issuer.ts', import.meta.url)
  try {
    const { url, stop } = await startLocalServer(file, serverCpu === 0 ? 1 : 0, order)
    return { url, tokens: JSON.parse(readFileSync(order.file, 'utf8')) as Tokens, stop }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
