import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/errors.ts'
import { loadConfigFile } from '../../src/config/load.ts'

describe('loadConfigFile', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doorward-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, text)
    return path
  }

  it('reads JSON', async () => {
    expect(await loadConfigFile(await file('a.json', '{"refresh":{"graceSeconds":5}}'))).toEqual({
      refresh: { graceSeconds: 5 },
    })
  })

  it.each(['a.ts', 'a.mjs'])('reads the default export of %s', async (name) => {
    const path = await file(name, 'const grace = 2 + 3\nexport default { refresh: { graceSeconds: grace } }')
    expect(await loadConfigFile(path)).toEqual({ refresh: { graceSeconds: 5 } })
  })

  it.each([
    ['broken.json', '{"secret":"abc"', /not valid JSON/],
    ['list.json', '[]', /one object/],
    ['none.mjs', 'export const a = 1', /one object/],
    ['throws.mjs', 'throw new RangeError("hunter2")', /fails when it is loaded \(RangeError\)/],
    ['a.yaml', 'a: 1', /use \.json/],
  ])('refuses %s and says why, without its text', async (name, text, message) => {
    const refused = loadConfigFile(await file(name, text))
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.not.toThrow(/hunter2|abc/)
  })

  it('says which file is absent', async () => {
    await expect(loadConfigFile(join(folder, 'absent.json'))).rejects.toThrow(/absent\.json cannot be read/)
  })
})
