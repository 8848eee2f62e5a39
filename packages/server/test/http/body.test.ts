import { OAuthError } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/http/body.ts'
import type { ConsumedBody } from '../../src/http/incoming.ts'
import { fetchRequest } from '../../src/mounting/fetch.ts'

const FORM = 'application/x-www-form-urlencoded'

const post = (body: BodyInit | null, headers: Record<string, string> = { 'content-type': FORM }): Request =>
  new Request('http://localhost/oauth/token', { method: 'POST', headers, body })

const streaming = (body: ReadableStream<Uint8Array>): Request => {
  const init = { method: 'POST', headers: { 'content-type': FORM }, body, duplex: 'half' }
  return new Request('http://localhost/', init)
}

const streamed = (chunks: readonly string[]): Request => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
  return streaming(body)
}

const read = (request: Request, consumed?: ConsumedBody): Promise<URLSearchParams> =>
  readForm(fetchRequest(request, { peer: '', body: consumed }), 100)

const refusal = async (reading: Promise<unknown>): Promise<readonly [string, number]> => {
  const error = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof OAuthError ? [error.reason, error.status] : ['none', 0]
}

describe('a form', () => {
  it('is read with its repeated parameters, RFC 6749 Appendix B', async () => {
    const form = await read(post('a=1&a=2&b=%C3%BC+x'))
    expect([...form]).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', 'ü x'],
    ])
  })

  it.each([FORM.toUpperCase(), `${FORM}; charset=utf-8`, `${FORM};charset=UTF-8`])(
    'may be of type %s',
    async (type) => {
      expect((await read(post('a=1', { 'content-type': type }))).get('a')).toBe('1')
    },
  )

  it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', `x${FORM}`])(
    'is not of type %s: 400',
    async (type) => {
      const reading = read(post('a=1', { 'content-type': type }))
      expect(await refusal(reading)).toEqual(['content_type', 400])
    },
  )

  it('has a Content-Type', async () => {
    expect(await refusal(read(post(new Uint8Array([97]), {})))).toEqual(['content_type', 400])
  })

  it.each([
    ['states a length beyond the limit', () => post('a', { 'content-type': FORM, 'content-length': '101' })],
    [
      'states a length that is no number',
      () => post('a', { 'content-type': FORM, 'content-length': '1e9x' }),
    ],
    ['comes in chunks beyond the limit', () => streamed(['a='.padEnd(60, 'x'), 'y'.repeat(60)])],
  ])('that %s is 413', async (_case, request) => {
    expect(await refusal(read(request()))).toEqual(['body_too_large', 413])
  })

  it('of exactly the limit is taken, chunks cut through characters included', async () => {
    const bytes = new TextEncoder().encode('a=ü'.padEnd(99, 'x'))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 3))
        controller.enqueue(bytes.slice(3))
        controller.close()
      },
    })
    const request = streaming(body)
    expect((await read(request)).get('a')).toBe('ü'.padEnd(97, 'x'))
  })

  it('that was read before Doorward saw it is an error that says so', async () => {
    const request = post('a=1')
    await request.text()
    expect(await refusal(read(request))).toEqual(['body_unreadable', 500])
    expect(await refusal(read(post('a=1'), { kind: 'unreadable' }))).toEqual(['body_unreadable', 500])
  })

  it.each([
    ['an object of texts', { a: '1', b: ['2', '3'] }, 'a=1&b=2&b=3'],
    ['a text', 'a=1&b=2', 'a=1&b=2'],
    ['bytes', new TextEncoder().encode('a=1'), 'a=1'],
    ['URLSearchParams', new URLSearchParams('a=1'), 'a=1'],
  ])("is taken from an app's parser as %s", async (_form, value, expected) => {
    expect((await read(post(null), { kind: 'parsed', value })).toString()).toBe(expected)
  })

  it.each([
    ['a list', ['a']],
    ['a number', 7],
  ])("of an app's parser that is %s cannot be used", async (_form, value) => {
    expect(await refusal(read(post(null), { kind: 'parsed', value }))).toEqual(['body_unreadable', 500])
  })

  it('with a bracketed name, which a parser made an object of, is its sender’s fault', async () => {
    const value = { a: { b: '1' }, grant_type: 'x' }
    const reading = read(post(null), { kind: 'parsed', value })
    expect(await refusal(reading)).toEqual(['parameter_malformed', 400])
  })

  it('of an app has the same limit and the same type', async () => {
    const long = { kind: 'parsed', value: 'x'.repeat(101) } as const
    expect(await refusal(read(post(null), long))).toEqual(['body_too_large', 413])
    const json = post('{}', { 'content-type': 'application/json' })
    expect(await refusal(read(json, { kind: 'parsed', value: {} }))).toEqual(['content_type', 400])
  })

  it('that breaks off is the connection’s fault', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.error(new Error('aborted'))
      },
    })
    const request = streaming(body)
    expect(await refusal(read(request))).toEqual(['body_incomplete', 400])
  })
})
