import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountPage } from '../../src/pages/account.ts'
import { choosePage } from '../../src/pages/choose.ts'
import { connectionsPage, disconnectPage } from '../../src/pages/connections.ts'
import { consentPage } from '../../src/pages/consent.ts'
import { errorPage } from '../../src/pages/error.ts'
import { formPostPage } from '../../src/pages/form-post.ts'
import type { Html } from '../../src/pages/layout.ts'
import { leavingPage } from '../../src/pages/leaving.ts'
import { loggedOutPage, logoutPage } from '../../src/pages/logout.ts'
import { signInPage } from '../../src/pages/sign-in.ts'
import { upstreamErrorPage } from '../../src/pages/upstream-error.ts'
import type { PageFrame } from '../../src/pages/views.ts'
import { linked } from './samples.ts'

/** Every page with `text` wherever somebody outside may have a say. */
const pagesWith = (text: string): Readonly<Record<string, Html>> => {
  const frame: PageFrame = {
    basePath: '/auth',
    branding: { name: text, logoUrl: text, accent: text, privacyUrl: text, helpUrl: text },
    locale: 'en',
  }
  const form = { action: text, csrf: text }
  const app = { name: text, host: text, verified: false, homeUrl: text, policyUrl: text, termsUrl: text }
  const account = { sid: text, email: text, name: text, signedInAt: 1_790_000_000, active: true }
  const problem = null
  const accounts = [account, { ...account, name: null }]
  const item = {
    ...linked,
    id: text,
    name: text,
    label: text,
    disconnectHref: `/account/connections?${new URLSearchParams({ disconnect: text })}`,
  }
  return {
    signIn: signInPage(frame, {
      form,
      app,
      email: text,
      problem,
      chooseHref: text,
      again: false,
      providers: [
        { id: text, name: text, brand: null, href: `/login/x?${new URLSearchParams({ a: text })}` },
      ],
      unable: [text],
      notice: { kind: 'denied', provider: text },
    }),
    upstreamError: upstreamErrorPage(frame, {
      title: text,
      text,
      next: text,
      retryHref: '/login/x',
      back: { text, href: '/login' },
      reference: text,
      developer: { fix: 'Set `x`.', code: text, explainedIn: text, provider: text, words: text },
    }),
    choose: choosePage(frame, { form, app, accounts, problem }),
    consent: consentPage(frame, {
      form,
      app,
      account,
      chooseHref: text,
      groups: [
        { resource: null, resourceName: null, scopes: [text, `${text}:read`], connections: [text] },
        { resource: text, resourceName: text, scopes: [text], connections: [] },
        { resource: text, resourceName: null, scopes: [`read:${text}`], connections: [] },
      ],
      claims: [text],
      problem,
    }),
    logout: logoutPage(frame, { form, app, account, problem }),
    loggedOut: loggedOutPage(frame, { app, signInHref: text }),
    account: accountPage(frame, {
      form,
      accounts,
      signInHref: text,
      ways: { names: [text], href: '/account/connections' },
      problem,
    }),
    connections: connectionsPage(frame, {
      form,
      sid: text,
      email: text,
      hasPassword: true,
      linked: [item, { ...item, disconnectHref: null, offered: false }],
      free: [{ id: text, name: text, brand: null }],
      notice: { kind: 'last', provider: text },
      problem,
      accountHref: '/account',
    }),
    disconnect: disconnectPage(frame, {
      form,
      sid: text,
      email: text,
      item,
      remaining: [text],
      cancelHref: '/account/connections',
    }),
    leaving: leavingPage(frame, {
      provider: text,
      href: `https://x.example/?${new URLSearchParams({ text })}`,
    }),
    error: errorPage(frame, {
      status: 400,
      description: text,
      fix: text,
      reason: 'internal',
      code: text,
      reference: text,
    }),
    formPost: formPostPage(frame, { action: text, fields: [[text, text]], app }),
  }
}

/** Each tag with the names of its attributes: what a browser would build, without any value. */
const structure = (page: Html): readonly string[] =>
  [...String(page).matchAll(/<(\/?[a-z0-9!]+)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*>/gi)].map(
    ([, tag, attributes]) => `${tag}${(attributes ?? '').replaceAll(/="[^"]*"/g, '')}`,
  )

const breakers = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='",
  '</title><svg/onload=x>',
  '&lt;b&gt;',
  '-->',
  '<!--',
  '\u0000\u202e',
]
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...breakers, '<', '>', '"', "'", '&', '=', ' '),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => `x!${parts.join('')}`)

describe('every page', () => {
  it('has the same structure whatever the values are', () => {
    const expected = Object.entries(pagesWith('x!')).map(([name, page]) => [name, structure(page)])
    fc.assert(
      fc.property(hostile, (text) => {
        const actual = Object.entries(pagesWith(text)).map(([name, page]) => [name, structure(page)])
        expect(actual).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it.each(breakers.filter((text) => /[<"']/.test(text)))('never holds %j as it came', (text) => {
    for (const page of Object.values(pagesWith(text))) expect(String(page)).not.toContain(text)
  })

  it('links to no address but http and https', () => {
    for (const page of Object.values(pagesWith('javascript:alert(1)'))) {
      const targets = [...String(page).matchAll(/<a [^>]*href="([^"]*)"/g)].map((match) => match[1])
      // What is left are paths that the server made itself: the links to its own pages.
      expect(targets.filter((target) => target?.startsWith('javascript:')).length).toBeLessThanOrEqual(1)
    }
  })

  it('shields names from rearranging the words around them', () => {
    const name = '\u202eevil'
    for (const [page, html] of Object.entries(pagesWith(name))) {
      if (['error', 'loggedOut', 'upstreamError'].includes(page)) continue
      expect(String(html)).toContain(`<bdi>${name}</bdi>`)
    }
  })
})
