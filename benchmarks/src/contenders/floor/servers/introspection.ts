/** The floor of an introspection answer: reads the form, and says of the one token it knows what it was told to say. */
import { createServer } from 'node:http'
import { listenLocally, localSettings } from '../../local-settings.ts'

type Settings = { readonly token: string; readonly answer: Readonly<Record<string, unknown>> }

const { token, answer } = localSettings<Settings>()

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const body = JSON.stringify(form.get('token') === token ? answer : { active: false })
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'content-length': Buffer.byteLength(body),
      })
      .end(body)
  })
})
listenLocally(server)
