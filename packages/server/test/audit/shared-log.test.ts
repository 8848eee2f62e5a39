import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./programs/talkative.ts', import.meta.url))

/** What a reader gets that is slower than those who write, so that their pipe is always full. */
const readSlowly = async (): Promise<string> => {
  // Node gives its children sockets; a pipe, as a container's log is, comes from a shell.
  const pipe = `"${process.execPath}" --conditions=@doorward/source "${program}" 2>&1 | dd bs=512 status=none`
  const child = spawn('sh', ['-c', pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  await new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
      child.stdout.pause()
      setTimeout(() => child.stdout.resume(), 5)
    })
    child.stdout.on('close', resolve)
  })
  return text
}

const isJson = (line: string): boolean => {
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}

describe('the log of several workers', () => {
  it('has whole lines, however slowly their common stderr is read', async () => {
    const lines = (await readSlowly()).split('\n').filter((line) => line !== '')
    const torn = lines.filter((line) => !/^\{"level":(30,[^{}]*|50,.*)\}$/.test(line) || !isJson(line))
    expect(torn).toEqual([])
    expect(lines.filter((line) => line.includes('"fault"')).length).toBeGreaterThan(10)
    expect(lines.length).toBeGreaterThan(5_000)
  })
})
