import { describe, expect, it } from 'vitest'
import { parsedForm, readForm } from '../../src/adapters/form.ts'

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}
async function* broken() {
  yield Buffer.from('a=1')
  throw new Error('aborted')
}

describe('a form', () => {
  it('is read in pieces, also where they part a character', async () => {
    const bytes = Buffer.from('a=ä&b=2')
    async function* parts() {
      yield bytes.subarray(0, 3)
      yield bytes.subarray(3)
    }
    expect(Object.fromEntries(await readForm(parts()))).toEqual({ a: 'ä', b: '2' })
  })

  it('has at most 64 KiB, and must arrive whole', async () => {
    expect((await readForm(chunks('a=', 'x'.repeat(65_534)))).get('a')).toHaveLength(65_534)
    const [large, cut] = [readForm(chunks('a=', 'x'.repeat(65_535))), readForm(broken())]
    await expect(large).rejects.toMatchObject({ code: 'body_unreadable', detail: 'It is too large.' })
    await expect(cut).rejects.toMatchObject({ code: 'body_unreadable', detail: 'It did not arrive whole.' })
  })

  it.each([
    ['text', 'a=1&a=2'],
    ['bytes', Buffer.from('a=1&a=2')],
    ['parameters', new URLSearchParams('a=1&a=2')],
    ['an object', { a: ['1', '2'] }],
  ])('is taken as a framework left it: %s', (_title, body) => {
    expect(parsedForm(body).getAll('a')).toEqual(['1', '2'])
  })

  it.each([[undefined], [null], [1], [['a']]])('is gone where the framework left %j', (body) => {
    expect(() => parsedForm(body)).toThrow(expect.objectContaining({ code: 'body_unreadable' }))
  })
})
