import type { SignIn } from '../src/index.ts'

/** A browser without JavaScript before an app that is a fetch handler: a cookie jar, and no redirect followed. */
export type TestBrowser = {
  readonly cookies: Map<string, string>
  /** One request to the app. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Begins a sign-in, lets the provider answer, and gives the address that it sends the browser back to. */
  begin(path: string, init?: RequestInit): Promise<string>
  /** All of a sign-in: the answer of the callback. */
  signIn(path: string): Promise<Response>
  /** Who the app says is signed in. */
  session(): ReturnType<SignIn['getSession']>
}

/** A new browser with an empty jar. */
export const openBrowser = (signIn: SignIn, baseUrl: string): TestBrowser => {
  const cookies = new Map<string, string>()
  const header = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  const ask: TestBrowser['ask'] = async (path, init = {}) => {
    const headers = new Headers({ accept: 'text/html', cookie: header() })
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
    const response = await signIn.fetch(new Request(new URL(path, baseUrl), { ...init, headers }))
    if (response === null) throw new Error(`${path} is not the client's`)
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (/max-age=0(;|$)/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const begin: TestBrowser['begin'] = async (path, init) => {
    const started = await ask(path, init)
    const answered = await fetch(started.headers.get('location') ?? '', { redirect: 'manual' })
    return answered.headers.get('location') ?? ''
  }
  return {
    cookies,
    ask,
    begin,
    signIn: async (path) => ask(await begin(path)),
    session: () => signIn.getSession({ headers: new Headers({ cookie: header() }) }),
  }
}
