import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Loopback, listenOnLoopback } from '../../src/terminal/loopback.ts'

let loopback: Loopback

beforeEach(async () => {
  loopback = await listenOnLoopback(0)
})
afterEach(async () => {
  await loopback.close()
})

const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(loopback.redirectUri)
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    socket.once('error', reject).once('close', () => resolve(answer))
  })

describe('the listener of a terminal, RFC 8252 §7.3', () => {
  it('is on 127.0.0.1, on a port of its own', async () => {
    const other = await listenOnLoopback(0)
    expect(loopback.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
    expect(other.redirectUri).not.toBe(loopback.redirectUri)
    await other.close()
  })

  it('takes the port it is told, and says so where that is taken', async () => {
    const port = Number(new URL(loopback.redirectUri).port)
    await expect(listenOnLoopback(port)).rejects.toThrow('EADDRINUSE')
  })

  it('shows what the judge says, escaped, and lets nothing else into the page', async () => {
    loopback.judgeBy(async (parameters) => ({
      status: 200,
      title: `<i>${parameters.get('a')}</i>`,
      text: '&',
    }))
    const response = await fetch(`${loopback.redirectUri}?a=${encodeURIComponent('"<b>"')}`)
    const page = await response.text()
    expect(page).toContain('<h1>&lt;i&gt;&quot;&lt;b&gt;&quot;&lt;/i&gt;</h1><p>&amp;</p>')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['another path', (host: string) => `GET /other HTTP/1.1\r\nhost: ${host}\r\n\r\n`],
    [
      'another method',
      (host: string) => `POST /callback HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`,
    ],
    ['another host', () => 'GET /callback HTTP/1.1\r\nhost: rebound.example\r\n\r\n'],
    ['no address at all', (host: string) => `GET // HTTP/1.1\r\nhost: ${host}\r\n\r\n`],
  ])('%s is not found, and never judged', async (_, request) => {
    let judged = 0
    loopback.judgeBy(async () => {
      judged += 1
      return null
    })
    expect(await raw(request(new URL(loopback.redirectUri).host))).toMatch(/^HTTP\/1\.1 404 /)
    expect(judged).toBe(0)
  })

  it('closes though a browser holds a connection that it never used', async () => {
    const other = await listenOnLoopback(0)
    const { hostname, port } = new URL(other.redirectUri)
    const socket = connect(Number(port), hostname)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.on('error', () => undefined)
    await other.close()
    socket.destroy()
  })
})
