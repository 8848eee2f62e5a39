import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

export type Listening = {
  readonly origin: string
  close(): Promise<void>
}

/** A server on a free loopback port. */
export const listen = async (listener: RequestListener): Promise<Listening> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The body of a request, as text. */
export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

type Headers = Readonly<Record<string, string>>

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(JSON.stringify(body))
}

export const redirect = (response: ServerResponse, location: string): void => {
  response.writeHead(302, { location })
  response.end()
}

export type Credentials = { readonly id: string; readonly secret: string }

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** Client credentials by Basic (RFC 6749 §2.3.1) or in the body. */
export const credentialsOf = (request: IncomingMessage, form: URLSearchParams): Credentials => {
  const basic = request.headers.authorization?.match(/^Basic (.+)$/i)?.[1]
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { id: decoded(id), secret: decoded(secret) }
}

/** The token of a bearer request, or the empty text. */
export const bearerOf = (request: IncomingMessage): string =>
  request.headers.authorization?.match(/^(?:Bearer|token) (.+)$/i)?.[1] ?? ''
