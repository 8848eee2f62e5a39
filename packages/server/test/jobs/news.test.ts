import { describe, expect, it } from 'vitest'
import { createNewsReader } from '../../src/jobs/news.ts'
import { testDeps } from '../support/deps.ts'

describe('createNewsReader', () => {
  const role = (deps: Awaited<ReturnType<typeof testDeps>>, name: string) =>
    deps.storage.roles.insert(name, deps.clock())

  it('delivers what was written, each entry once, across the overlap and beyond it', async () => {
    const deps = await testDeps()
    const heard: string[] = []
    const read = createNewsReader(
      deps,
      (entries) => void heard.push(...entries.map((entry) => entry.subject)),
    )
    await role(deps, 'one')
    await read()
    await read()
    await role(deps, 'two')
    deps.pass(5)
    await role(deps, 'three')
    await read()
    deps.pass(60)
    await read()
    await role(deps, 'four')
    await read()
    await read()
    expect(heard).toEqual(['one', 'two', 'three', 'four'])
  })

  it('hears of an entry that was committed after a later one', async () => {
    const deps = await testDeps()
    const heard: string[] = []
    const read = createNewsReader(
      deps,
      (entries) => void heard.push(...entries.map((entry) => entry.subject)),
    )
    await deps.storage.roles.insert('late', deps.clock() + 3)
    await read()
    await deps.storage.roles.insert('early', deps.clock())
    await read()
    expect(heard).toEqual(['late', 'early'])
  })

  it('delivers again what a listener failed on', async () => {
    const deps = await testDeps()
    const heard: string[] = []
    let fails = true
    const read = createNewsReader(deps, (entries) => {
      if (fails) throw new Error('no')
      heard.push(...entries.map((entry) => entry.subject))
    })
    await role(deps, 'one')
    await expect(read()).rejects.toThrow('no')
    fails = false
    await read()
    expect(heard).toEqual(['one'])
  })
})
