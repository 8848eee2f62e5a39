import { describe, expect, it } from 'vitest'
import { formsOf } from '../../../../tests/support/forms.ts'
import { accountPage } from '../../src/pages/account.ts'
import { signInPage } from '../../src/pages/sign-in.ts'
import { ada, app, form, frame, samples, signIn } from './samples.ts'

const pages = Object.entries(samples).map(([name, page]) => [name, String(page)] as const)
const own = (name: string): string => String(samples[name])

describe.each(pages)('%s', (name, page) => {
  it('has a language, a title, one h1, and its landmarks', () => {
    expect(page).toContain('<html lang="en">')
    expect(page).toMatch(/<title>[^<]+ · Doorward<\/title>/)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    for (const landmark of ['header', 'main', 'footer']) {
      expect(page.match(new RegExp(`<${landmark}[ >]`, 'g'))).toHaveLength(1)
    }
  })

  it('has nothing inline, as its policy demands', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    for (const [script] of page.matchAll(/<script[^>]*>/g)) expect(script).toContain(' src="/assets/')
  })

  it('sends csrf with each form to ourselves, and with none to others', () => {
    for (const { action, values } of formsOf(page)) {
      expect(values.has('csrf')).toBe(action.startsWith('/'))
      expect(name === 'form-post').toBe(!action.startsWith('/'))
    }
  })

  it('leads to nothing that does not exist yet', () => {
    expect(page).not.toMatch(/\/(forgot|register|reset|device|console)|passkey/i)
  })
})

describe('what forms send', () => {
  it.each([
    ['sign-in', ['email', 'password'], []],
    ['choose', [], ['account=s1', 'account=s2', 'account=other']],
    ['consent', [], ['decision=deny', 'decision=allow']],
    ['logout', [], ['decision=stay', 'decision=logout']],
    ['account-several', [], ['sign_out=s1', 'sign_out=s2']],
  ])('%s', (name, fields, buttons) => {
    const [first, ...more] = formsOf(own(name))
    expect(more).toEqual([])
    expect([...(first?.names ?? [])]).toEqual(fields)
    expect(first?.buttons.map((button) => `${button.name}=${button.value}`)).toEqual(buttons)
  })

  it('form_post hands the answer to the redirect URI (OAuth 2.0 Form Post Response Mode §2)', () => {
    const [sent] = formsOf(own('form-post'))
    expect(sent?.action).toBe('https://orders.example.com/callback')
    expect(Object.fromEntries(sent?.values ?? [])).toEqual({
      code: 'c0de',
      state: 'st4te',
      iss: 'https://id.example.com',
    })
    expect(own('form-post')).toMatch(/<button[^>]*>Continue<\/button>/)
    expect(own('form-post')).toMatch(/<script src="\/assets\/form-post\.js\?v=[^"]+" defer><\/script>/)
  })
})

describe('sign-in', () => {
  it('keeps what was typed as e-mail, never a password, and starts at the first empty field', () => {
    const page = own('sign-in-refused')
    expect(page).toMatch(/<input id="email"[^>]* value="ada@example\.com"/)
    expect(page).not.toMatch(/<input id="password"[^>]*value=/)
    expect(page).toMatch(/<input id="password"[^>]* autofocus/)
    expect(own('sign-in')).toMatch(/<input id="email"[^>]* autofocus/)
  })

  it('helps password managers and keyboards', () => {
    expect(own('sign-in')).toMatch(/<input id="email"[^>]*autocomplete="username"[^>]*inputmode="email"/)
    expect(own('sign-in')).toMatch(/<input id="password"[^>]*autocomplete="current-password"/)
  })

  it('ties each error to its field and says so first in the title', () => {
    const page = own('sign-in-missing')
    expect(page).toContain('<title>Error: Sign in')
    for (const field of ['email', 'password']) {
      expect(page).toMatch(
        new RegExp(`<input id="${field}"[^>]*aria-invalid="true" aria-describedby="${field}-error"`),
      )
      expect(page).toContain(`id="${field}-error"`)
    }
    expect(own('sign-in-refused')).toMatch(/<input id="email"[^>]*aria-describedby="problem"/)
  })

  it('names the app that sent the person here', () => {
    expect(own('sign-in')).toContain('to continue to <bdi>Orders</bdi>')
    expect(own('sign-in-plain')).not.toContain('to continue to')
  })

  it('offers the accounts signed in here only where there are some', () => {
    expect(own('sign-in')).not.toContain('Choose another account')
    expect(own('sign-in-again')).toContain('href="/login/choose?client_id=orders"')
  })
})

describe('consent', () => {
  it('says who asks, from where, whether anybody vouches for it, and who is signed in', () => {
    expect(own('consent')).toMatch(/orders\.example\.com/)
    expect(own('consent')).toContain('Not verified')
    expect(own('consent-verified')).toContain('>Verified</p>')
    expect(own('consent')).toContain('Ada Lovelace')
    expect(own('consent')).toContain('Not you?')
  })

  it('groups what is asked by the API it is for', () => {
    expect(own('consent')).toContain('At <bdi>Orders API</bdi>')
    expect(own('consent-verified')).toContain('It will also get')
  })
})

describe('the frame', () => {
  it('has no footer without links, and shows the operator’s own logo and path', () => {
    const branding = {
      ...frame.branding,
      privacyUrl: null,
      helpUrl: null,
      logoUrl: '/logo.svg',
      name: 'Acme',
    }
    const page = String(signInPage({ basePath: '/auth', branding, locale: 'de' }, signIn))
    expect(page).not.toContain('<footer')
    expect(page).toContain('<img class="brand-logo" src="/logo.svg" alt="Acme">')
    expect(page).toContain('<html lang="de">')
    expect(page).toMatch(/href="\/auth\/assets\/doorward\.css\?v=/)
  })

  it('writes dates in the person’s way', () => {
    const view = { form, accounts: [ada], signInHref: '/login', ways: null, problem: null, app }
    expect(String(accountPage({ ...frame, locale: 'de' }, view))).toContain('21. September 2026')
    expect(String(accountPage(frame, view))).toContain('September 21, 2026')
  })
})
