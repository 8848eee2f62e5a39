import { randomBytes } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import { bodyOf, listen, redirect, sendJson } from '../../support/providers/http.ts'

/** One sign-in's refresh tokens: each with its successor, and when it was rotated. */
type Family = {
  readonly subject: string
  readonly chain: { readonly token: string; rotatedAt: number | null }[]
  revoked: boolean
}

export type RotatingProvider = {
  readonly origin: string
  /** Every code and token given out so far. */
  readonly issued: ReadonlySet<string>
  /** The process that asked, for each refresh. */
  readonly refreshes: readonly string[]
  /** Families that a reused refresh token has ended. */
  revoked(): number
  /** Drops every n-th answer to a refresh, after its work is done. */
  dropEvery(n: number): void
  /** Holds the answers to refreshes until the promise settles. */
  holdUntil(promise: Promise<unknown>): void
  stop(): Promise<void>
}

/**
 * A provider that lets everybody in at once. Its first access tokens have expired when they come. A refresh token is
 * rotated at each use; shown again within the grace it leads to the live end of its chain, later it ends its family.
 */
export const startRotatingProvider = async (graceSeconds: number): Promise<RotatingProvider> => {
  const families: Family[] = []
  const issued = new Set<string>()
  const codes = new Set<string>()
  const people = new Map<string, string>()
  const refreshes: string[] = []
  let dropping = 0
  let held: Promise<unknown> = Promise.resolve()

  const fresh = (kind: string): string => {
    const token = `${kind}-${randomBytes(24).toString('base64url')}`
    issued.add(token)
    return token
  }
  const answer = ({ subject, chain }: Family, expiresIn: number) => {
    const accessToken = fresh('access')
    people.set(accessToken, subject)
    const [end] = chain.slice(-1)
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      refresh_token: end?.token,
    }
  }
  const redeem = (code: string) => {
    if (!codes.delete(code)) return null
    const family: Family = { subject: fresh('person'), chain: [], revoked: false }
    issued.delete(family.subject)
    family.chain.push({ token: fresh('refresh'), rotatedAt: null })
    families.push(family)
    return answer(family, 0)
  }
  const refresh = (token: string) => {
    const family = families.find(({ chain }) => chain.some((link) => link.token === token))
    const link = family?.chain.find((one) => one.token === token)
    if (family === undefined || link === undefined || family.revoked) return null
    if (link.rotatedAt === null) {
      link.rotatedAt = Date.now()
      family.chain.push({ token: fresh('refresh'), rotatedAt: null })
    } else if (Date.now() - link.rotatedAt >= graceSeconds * 1000) {
      family.revoked = true
      return null
    }
    return answer(family, 3600)
  }
  const refreshed = async (form: URLSearchParams, from: string, response: ServerResponse): Promise<void> => {
    refreshes.push(from)
    const place = refreshes.length
    const result = refresh(form.get('refresh_token') ?? '')
    await held
    if (dropping > 0 && place % dropping === 0) response.destroy()
    else if (result === null) sendJson(response, 400, { error: 'invalid_grant' })
    else sendJson(response, 200, result)
  }
  const listener: RequestListener = async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://provider')
    if (url.pathname === '/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      const code = fresh('code')
      codes.add(code)
      back.search = `${new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' })}`
      return redirect(response, back.href)
    }
    if (url.pathname === '/userinfo') {
      const [, token = ''] = request.headers.authorization?.split(' ') ?? []
      return sendJson(response, people.has(token) ? 200 : 401, { sub: people.get(token) })
    }
    const form = new URLSearchParams(await bodyOf(request))
    if (form.get('grant_type') === 'refresh_token')
      return refreshed(form, url.searchParams.get('process') ?? '', response)
    const result = redeem(form.get('code') ?? '')
    sendJson(response, result === null ? 400 : 200, result ?? { error: 'invalid_grant' })
  }

  const { origin, close } = await listen(listener)
  return {
    origin,
    issued,
    refreshes,
    revoked: () => families.filter((family) => family.revoked).length,
    dropEvery: (n) => {
      dropping = n
    },
    holdUntil: (promise) => {
      held = promise
    },
    stop: close,
  }
}
