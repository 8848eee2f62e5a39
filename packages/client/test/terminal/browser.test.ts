import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openInBrowser } from '../../src/terminal/browser.ts'

const path = process.env.PATH
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorward-opener-'))
})
afterEach(async () => {
  process.env.PATH = path
  await rm(folder, { recursive: true, force: true })
})

describe("the platform's opener", () => {
  it('gets the address as one argument, whatever a shell would make of it', async () => {
    const [opener, told] = [join(folder, 'xdg-open'), join(folder, 'told')]
    await writeFile(
      opener,
      `#!/bin/sh\nprintf '%s' "$#:$1" > '${told}.part' && mv '${told}.part' '${told}'\n`,
    )
    await chmod(opener, 0o700)
    process.env.PATH = `${folder}:${path}`
    const url = 'https://id.example.com/oauth/authorize?a=1&b=$(touch%20x)&c=`id`;d'
    expect(await openInBrowser(url)).toBe(true)
    await expect.poll(() => readFile(told, 'utf8').catch(() => '')).toBe(`1:${url}`)
  })

  it('says so where there is none', async () => {
    process.env.PATH = folder
    expect(await openInBrowser('https://id.example.com/')).toBe(false)
  })
})
