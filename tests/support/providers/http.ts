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

/** The parameters of a POST, sent as a form or as a JSON document. */
export const parametersOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const body = await bodyOf(request)
  const inJson = request.headers['content-type']?.startsWith('application/json') === true
  return new URLSearchParams(inJson ? JSON.parse(body) : body)
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

const decodeForm = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** Client credentials in the body, or by Basic, form-encoded (RFC 6749 §2.3.1) unless told. */
export const credentialsOf = (
  request: IncomingMessage,
  form: URLSearchParams,
  decode: (text: string) => string = decodeForm,
): Credentials => {
  const basic = request.headers.authorization?.match(/^Basic (.+)$/i)?.[1]
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [, id = '', secret = ''] = /^([^:]*):(.*)$/.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? []
  return { id: decode(id), secret: decode(secret) }
}

/** The token of a bearer request, or the empty text. */
export const bearerOf = (request: IncomingMessage): string =>
  request.headers.authorization?.match(/^(?:Bearer|token) (.+)$/i)?.[1] ?? ''
