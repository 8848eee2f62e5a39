import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CommandError, FAILED, WRONG_USAGE } from './failure.ts'

/** Everything that stdin has, as text. */
async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * A new password: asked for unseen at a terminal, else from stdin where `piped` (`--password-stdin`), which
 * loses one trailing newline and nothing more.
 */
export async function newPassword(piped: boolean): Promise<string> {
  if (process.stdin.isTTY) return askPassword()
  if (!piped) throw new CommandError(WRONG_USAGE, 'Give the password on stdin, with --password-stdin.')
  const password = (await readStdin()).replace(/\r?\n$/, '')
  if (password === '') throw new CommandError(WRONG_USAGE, 'No password came in on stdin.')
  return password
}

async function askPassword(): Promise<string> {
  const password = await askUnseen('New password: ')
  if ((await askUnseen('Again: ')) === password) return password
  throw new CommandError(FAILED, 'The two passwords differ. Nothing was changed.')
}

/** Lets a person at a terminal think again; a script goes on unasked, and so does `--yes`. */
export async function confirm(consequence: string, yes: boolean): Promise<void> {
  if (yes || !process.stdin.isTTY) return
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${consequence}\nType yes to go on: `)
    if (answer.trim().toLowerCase() !== 'yes') throw new CommandError(FAILED, 'Nothing was changed.')
  } finally {
    terminal.close()
  }
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
