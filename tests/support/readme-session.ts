import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { childEnvironment } from './process.ts'

/** A fenced block of a document: its language, what follows it on the fence's line, and its text. */
export type Block = {
  readonly language: string
  /** Words and `key="value"` pairs after the language; readers do not see them. */
  readonly attributes: ReadonlyMap<string, string>
  readonly text: string
  /** Where the block begins, for messages. */
  readonly line: number
}

/** All fenced blocks, in order. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```([a-z]+)([^\n]*)\n([\s\S]*?)^```\s*$/gm)].map((match) => ({
    language: match[1] ?? '',
    attributes: new Map(
      [...(match[2] ?? '').matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map((pair) => [
        pair[1] ?? '',
        pair[2] ?? '',
      ]),
    ),
    text: match[3] ?? '',
    line: markdown.slice(0, match.index).split('\n').length,
  }))

/** One shell in which the blocks of a document run, one after the other, as a reader would run them. */
export type Session = {
  /** Does what the block says; throws with the output where it fails. */
  perform(block: Block): Promise<void>
  end(): Promise<void>
}

/** Starts the shell in `folder`. What it leaves running ends with it. */
export const startSession = (folder: string, env: Readonly<Record<string, string>> = {}): Session => {
  // A process group of its own, so that everything it started can be ended with it.
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    cwd: folder,
    env: childEnvironment(env),
    detached: true,
  })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      for (const tell of listeners) tell()
    })
  }
  // Not 'close': what the shell left in the background holds its output open.
  const ended = once(shell, 'exit')
  const closed = once(shell, 'close')
  shell.stdin.on('error', () => undefined)
  shell.stdin.write('set -euo pipefail; exec 2>&1\n')
  let marks = 0

  const outputUntil = (found: (text: string) => boolean, from: number, what: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const text = output.slice(from)
        if (!found(text)) return
        listeners.delete(look)
        resolve(text)
      }
      listeners.add(look)
      ended.then(() => reject(new Error(`The shell ended before ${what}:\n${output.slice(from)}`)), reject)
      look()
    })

  const perform = async ({ language, attributes, text, line }: Block): Promise<void> => {
    const file = attributes.get('file')
    if (file !== undefined) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), text)
    }
    if (language !== 'sh') return
    const from = output.length
    const until = attributes.get('until')
    if (until !== undefined) {
      const gone = `--- the background block of line ${line} has ended ---`
      shell.stdin.write(`( ( ${text}\n) || true; echo '${gone}' ) </dev/null &\n`)
      const said = await outputUntil(
        (all) => all.includes(until) || all.includes(gone),
        from,
        `line ${line} began`,
      )
      if (!said.includes(until))
        throw new Error(`Line ${line} never printed ${JSON.stringify(until)}:\n${said}`)
      return
    }
    marks += 1
    const mark = `--- block ${marks} of line ${line} is done ---`
    shell.stdin.write(`${text}\necho; echo '${mark}'\n`)
    const said = await outputUntil((all) => all.includes(mark), from, `the block of line ${line} was done`)
    const expected = attributes.get('prints')
    if (expected !== undefined && !said.includes(expected)) {
      throw new Error(`The block of line ${line} did not print ${JSON.stringify(expected)}:\n${said}`)
    }
  }

  const end = async (): Promise<void> => {
    try {
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGTERM')
    } catch {
      // Nothing is left of the group.
    }
    await closed
  }
  return { perform, end }
}
