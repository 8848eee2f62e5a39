import type { ServerResponse } from 'node:http'

type Way = { readonly says: string; readonly answer: (response: ServerResponse, good: string) => void }

const json = { 'content-type': 'application/json' }

const pour = (response: ServerResponse): void => {
  const spaces = ' '.repeat(64 * 1024)
  const more = (): void => {
    while (!response.destroyed && response.write(spaces));
  }
  response.on('drain', more)
  more()
}

const drip = (response: ServerResponse): void => {
  const timer = setInterval(() => response.write(' '), 50)
  response.on('close', () => clearInterval(timer))
}

/** How an answer is broken on its way; `good` is what should have come. */
export const brokenAnswers = {
  'server-error': {
    says: 'status 500 with a page',
    answer: (response) => {
      response.writeHead(500, { 'content-type': 'text/html' })
      response.end('<!doctype html><title>Internal server error</title>')
    },
  },
  unavailable: {
    says: 'status 503 with a JSON error',
    answer: (response) => {
      response.writeHead(503, { ...json, 'retry-after': '1' })
      response.end('{"error":"temporarily_unavailable"}')
    },
  },
  dropped: { says: 'the connection ends without an answer', answer: (response) => response.destroy() },
  giant: {
    says: 'an answer without end',
    answer: (response) => {
      response.writeHead(200, json)
      pour(response)
    },
  },
  slow: {
    says: 'an answer that comes a byte at a time, without end',
    answer: (response) => {
      response.writeHead(200, json)
      drip(response)
    },
  },
  'cut-off': {
    says: 'an answer that ends in its middle',
    answer: (response, good) => {
      response.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(good)) })
      response.write(good.slice(0, good.length / 2), () => response.destroy())
    },
  },
  'not-json': {
    says: 'a page that calls itself JSON',
    answer: (response) => {
      response.writeHead(200, json)
      response.end('<!doctype html><title>Sign in to the hotel network</title>')
    },
  },
  'not-an-object': {
    says: 'JSON, but no object',
    answer: (response) => {
      response.writeHead(200, json)
      response.end('["no object"]')
    },
  },
  'wrong-type': {
    says: 'the right JSON as text/html',
    answer: (response, good) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(good)
    },
  },
  redirects: {
    says: 'a redirect to where the right answer is',
    answer: (response) => {
      const at = response.req.url ?? '/'
      response.writeHead(307, { location: `/elsewhere${at}` })
      response.end()
    },
  },
} as const satisfies Record<string, Way>

export type Broken = keyof typeof brokenAnswers
