import { createServer } from 'node:http'

/** What a browser brought to the redirect URI. */
export type Arrival = {
  readonly method: string
  readonly parameters: URLSearchParams
}

export type ClientApp = {
  readonly origin: string
  readonly redirectUri: string
  readonly arrivals: readonly Arrival[]
  /** Resolves with the next arrival after those already here. */
  next(): Promise<Arrival>
  close(): Promise<void>
}

/** A client's web app on a free loopback port: its `/callback` keeps what arrives, by query or by form. */
export const startClientApp = async (): Promise<ClientApp> => {
  const arrivals: Arrival[] = []
  const waiting: ((arrival: Arrival) => void)[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://client.invalid')
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(
        `<!doctype html><html lang="en"><title>App</title><main><h1>App ${url.pathname}</h1></main></html>`,
      )
      if (url.pathname !== '/callback') return
      const parameters = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams
      const arrival = { method: request.method ?? '', parameters }
      arrivals.push(arrival)
      for (const tell of waiting.splice(0)) tell(arrival)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The client app has no port')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    origin,
    redirectUri: `${origin}/callback`,
    arrivals,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
