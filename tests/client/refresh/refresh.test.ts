import { afterEach, describe, expect, it } from 'vitest'
import { type FourProcesses, kinds, startFourProcesses } from './processes.ts'

let running: FourProcesses | null = null
afterEach(async () => {
  await running?.stop()
  running = null
})

type Answer = { readonly status: number; readonly text: string }

/** What an app answers to a browser; status 0 where it died. */
const ask = async (origin: string, cookie: string, path = '/token'): Promise<Answer> => {
  try {
    const response = await fetch(origin + path, { headers: { cookie } })
    return { status: response.status, text: await response.text() }
  } catch {
    return { status: 0, text: '' }
  }
}

/** As a browser that is told to try again does, until there is another answer. */
const askUntilSettled = async (origin: string, cookie: string): Promise<Answer> => {
  for (;;) {
    const answer = await ask(origin, cookie)
    if (answer.status !== 503) return answer
    expect(answer.text).toBe('provider_unreachable')
  }
}

/** A secret as itself and in the spellings that a database or a dump may give it. */
const spellings = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').slice(0, -4),
]

const expectNothingOpen = async ({ dump, provider }: FourProcesses, cookies: readonly string[]) => {
  const text = await dump()
  expect(text).toContain('rotating')
  expect(provider.issued.size).toBeGreaterThan(2)
  const ids = cookies.map((cookie) => cookie.split('=').at(-1) ?? '')
  const found = [...provider.issued, ...ids].filter((secret) =>
    spellings(secret).some((spelling) => text.includes(spelling)),
  )
  expect(found).toEqual([])
}

describe.each(kinds)('four processes over $name', (kind) => {
  it('refresh once for 200 requests on one expired session, where a reused token would sign out', async () => {
    running = await startFourProcesses(kind, 0)
    const { apps, provider, signIn } = running
    const cookie = await signIn()
    let letGo = (): void => {}
    provider.holdUntil(new Promise<void>((resolve) => (letGo = resolve)))
    const asking = Array.from({ length: 200 }, (_, index) => ask(apps[index % 4]?.origin ?? '', cookie))
    await expect.poll(() => provider.refreshes.length).toBeGreaterThan(0)
    // By now the others stand in line; nothing is wrong where some come later.
    setTimeout(letGo, 500)
    const answers = await Promise.all(asking)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(provider.refreshes).toHaveLength(1)
    await expectNothingOpen(running, [cookie])
  })

  it('sign nobody out while every third answer is dropped and one of them is killed', async () => {
    running = await startFourProcesses(kind, 30)
    const { apps, provider, signIn, place } = running
    const cookies: string[] = []
    for (let people = 0; people < 24; people += 1) cookies.push(await signIn())
    let letGo = (): void => {}
    provider.holdUntil(new Promise<void>((resolve) => (letGo = resolve)))
    provider.dropEvery(3)
    // Each process begins with other people, so that each has leases.
    const asking = cookies.flatMap((_, turn) =>
      apps.map(async ({ origin }, index) => ({
        index,
        ...(await askUntilSettled(origin, cookies[(turn + 6 * index) % cookies.length] ?? '')),
      })),
    )
    await expect.poll(() => new Set(provider.refreshes).size).toBe(4)
    await apps[3]?.process.end('SIGKILL')
    letGo()
    const answers = await Promise.all(asking)
    const alive = answers.filter(({ index }) => index < 3)
    expect(alive.filter(({ status }) => status !== 200)).toEqual([])
    expect(provider.revoked()).toBe(0)
    for (const cookie of cookies) {
      const [token, person] = [
        await ask(apps[1]?.origin ?? '', cookie),
        await ask(apps[2]?.origin ?? '', cookie, '/'),
      ]
      expect([token.status, provider.issued.has(token.text)]).toEqual([200, true])
      expect(person.text).toMatch(/^"person-/)
    }
    expect(await place.run('SELECT id_hash FROM doorward_sessions')).toHaveLength(cookies.length)
    await expectNothingOpen(running, cookies)
  }, 90_000)
})
