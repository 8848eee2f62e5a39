/** One answer, with the address it came from. */
export type Page = {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

type Fetch = (request: Request, ip: string) => Promise<Response>

type Sent = { readonly form?: Record<string, string>; readonly headers?: Record<string, string> }

/** A browser without JavaScript: a cookie jar, redirects, forms by their action and hidden fields alone. */
export class Agent {
  readonly cookies = new Map<string, string>()
  ip = '192.0.2.1'
  readonly #fetch: Fetch
  readonly #origin: string

  constructor(fetch: Fetch, origin: string) {
    this.#fetch = fetch
    this.#origin = origin
  }

  /** One request, no redirect followed. */
  async request(url: string, { form, headers }: Sent = {}): Promise<Page> {
    const sent = new Headers({ host: new URL(this.#origin).host, ...headers })
    if (this.cookies.size > 0) sent.set('cookie', [...this.cookies].map(([n, v]) => `${n}=${v}`).join('; '))
    if (headers?.cookie !== undefined) sent.set('cookie', headers.cookie)
    const address = new URL(url, this.#origin).href
    const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
    const response = await this.#fetch(new Request(address, { headers: sent, ...init }), this.ip)
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return { url: address, status: response.status, headers: response.headers, text: await response.text() }
  }

  /** Follows redirects while they stay here; one that leaves is the answer. */
  async open(url: string, sent?: Sent): Promise<Page> {
    let page = await this.request(url, sent)
    for (let hops = 0; hops < 10; hops++) {
      const next = locationOf(page)
      if (next === null || new URL(next).origin !== this.#origin) return page
      page = await this.request(next)
    }
    throw new Error(`too many redirects, the last from ${page.url}`)
  }

  /** Sends the page's form with its hidden fields and these. */
  submit(page: Page, fields: Record<string, string>, headers?: Record<string, string>): Promise<Page> {
    const { action, hidden } = formOf(page)
    const form = { ...hidden, ...fields }
    return this.open(new URL(action, page.url).href, headers === undefined ? { form } : { form, headers })
  }

  #keep(line: string): void {
    const [, name = '', value = '', rest = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(line) ?? []
    if (/max-age=0/i.test(rest)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** Where a redirect leads, absolute; null for other answers. */
export function locationOf(page: Page): string | null {
  const location = page.headers.get('location')
  return location === null ? null : new URL(location, page.url).href
}

/** The parameters of an authorization answer, by query. */
export function answerOf(page: Page): Record<string, string> {
  const location = locationOf(page)
  if (location === null) throw new Error(`no redirect but ${page.status}: ${page.text}`)
  return Object.fromEntries(new URL(location).searchParams)
}

/** The one form of a page. */
export function formOf(page: Page): { readonly action: string; readonly hidden: Record<string, string> } {
  const [, tag = '', body = ''] = /(<form\b[^>]*>)([\s\S]*?)<\/form>/.exec(page.text) ?? []
  if (tag === '') throw new Error(`no form on ${page.url} (${page.status}): ${page.text}`)
  const hidden: Record<string, string> = {}
  for (const [input] of body.matchAll(/<input type="hidden"[^>]*>/g)) {
    hidden[attribute(input, 'name')] = attribute(input, 'value')
  }
  return { action: attribute(tag, 'action'), hidden }
}

/** The values of the buttons with this name, in the order of the page. */
export function buttonsOf(page: Page, name: string): readonly string[] {
  return [...page.text.matchAll(/<button[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => attribute(tag, 'name') === name)
    .map((tag) => attribute(tag, 'value'))
}

/** What stands in a field. */
export function typedIn(page: Page, name: string): string {
  const [input = ''] = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(page.text) ?? []
  return attribute(input, 'value')
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
