import { formWith } from './forms.ts'

/** One answer, with the address it came from. */
export type Page = {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export type SubmitOptions = {
  /** Leave the page's own form and send something else: for attacks. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A browser without JavaScript: a cookie jar, links, forms by their action and hidden fields alone. */
export type Agent = {
  readonly cookies: Map<string, string>
  /** One request, no redirect followed. Cookies go and come. */
  request(url: string, init?: RequestInit): Promise<Page>
  /** Follows redirects as long as they stay on the origin of `url`; a redirect that leaves is the answer. */
  open(url: string): Promise<Page>
  /** Fills in and sends the page's form that has these fields, then follows as `open` does. */
  submit(page: Page, fields: Readonly<Record<string, string>>, options?: SubmitOptions): Promise<Page>
  /** The next hop of a redirect answer, wherever it leads, or null. */
  location(page: Page): string | null
}

const storeCookies = (jar: Map<string, string>, headers: Headers): void => {
  for (const line of headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const gone = attributes.some((attribute) => /^\s*max-age=(0|-\d+)\s*$/i.test(attribute))
    if (gone) jar.delete(name)
    else jar.set(name, pair.slice(at + 1).trim())
  }
}

const locationOf = (page: Page): string | null => {
  const location = page.headers.get('location')
  return location === null ? null : new URL(location, page.url).href
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** A new browser with an empty jar. `headers` go with each request. */
export const createAgent = (headers: Readonly<Record<string, string>> = {}): Agent => {
  const cookies = new Map<string, string>()

  const request = async (url: string, init: RequestInit = {}): Promise<Page> => {
    const sent = new Headers({ accept: 'text/html', ...headers })
    if (cookies.size > 0)
      sent.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    for (const [name, value] of new Headers(init.headers)) sent.set(name, value)
    const response = await fetch(url, { ...init, headers: sent, redirect: 'manual' })
    storeCookies(cookies, response.headers)
    return { url, status: response.status, headers: response.headers, text: await response.text() }
  }

  const follow = async (start: Page): Promise<Page> => {
    let page = start
    for (let hops = 0; hops < 20; hops += 1) {
      const next = isRedirect(page.status) ? locationOf(page) : null
      if (next === null || new URL(next).origin !== new URL(start.url).origin) return page
      page = await request(next)
    }
    throw new Error(`More than 20 redirects, the last one to ${locationOf(page)}`)
  }

  const submit: Agent['submit'] = async (page, fields, options = {}) => {
    const form = formWith(page.text, fields)
    const body = new URLSearchParams([...new Map([...form.values, ...Object.entries(fields)])])
    const target = new URL(form.action === '' ? page.url : form.action, page.url)
    if (form.method === 'get') {
      target.search = body.toString()
      return follow(await request(target.href, { headers: options.headers ?? {} }))
    }
    const init = { method: 'POST', body, headers: { origin: new URL(page.url).origin, ...options.headers } }
    return follow(await request(target.href, init))
  }

  return { cookies, request, submit, location: locationOf, open: async (url) => follow(await request(url)) }
}
