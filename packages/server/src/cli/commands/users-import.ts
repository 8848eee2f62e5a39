import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { NewUser } from '../../management/users.ts'
import { CommandError, FAILED } from '../failure.ts'
import type { Answer } from '../output.ts'
import type { Workplace } from '../workplace.ts'

type Problem = { readonly line: number; readonly email: string | null; readonly problem: string }

/** Adds the users of a file of JSON lines (`-`: stdin). What cannot be added is told with its line. */
export async function importUsers(doorward: Workplace, file: string): Promise<Answer> {
  const problems: Problem[] = []
  const lines: number[] = []
  let imported = 0
  let done = 0
  for await (const { email, user, problem } of doorward.users.import(readUsers(file, lines, problems))) {
    const line = lines[done] ?? 0
    done += 1
    if (user === null) problems.push({ line, email, problem: problem ?? '' })
    else imported += 1
  }
  problems.sort((one, other) => one.line - other.line)
  const failed = problems.length
  return {
    json: { imported, failed, problems },
    text: `${imported} imported, ${failed} failed.`,
    ...(failed === 0 ? {} : { note: problems.map(sentence).join('\n'), failed: true }),
  }
}

function sentence({ line, email, problem }: Problem): string {
  return `line ${line}${email === null ? '' : ` (${email})`}: ${problem}`
}

/** The users of the file one by one, so that a large file is never whole in memory. */
async function* readUsers(file: string, lines: number[], problems: Problem[]): AsyncIterable<NewUser> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() === '') continue
    const user = parseUser(text)
    if (typeof user === 'string') {
      problems.push({ line, email: null, problem: user })
      continue
    }
    lines.push(line)
    yield user
  }
  if (line === 0) throw new CommandError(FAILED, 'There is nothing to import: the input is empty.')
}

/** One line as a user, or what is wrong with it. Never repeats the line, which may hold a password. */
export function parseUser(text: string): NewUser | string {
  const entry = parseObject(text)
  if (entry === null) return 'This is not a JSON object. Write one user a line.'
  const { email, password, password_hash, email_verified = false, roles = [], claims = {}, ...more } = entry
  if (typeof email !== 'string') return 'The member email is missing or no text.'
  if (!isTextOrAbsent(password)) return 'The member password must be a text.'
  if (!isTextOrAbsent(password_hash)) return 'The member password_hash must be a text.'
  if (password !== undefined && password_hash !== undefined)
    return 'Give password or password_hash, not both.'
  if (typeof email_verified !== 'boolean') return 'The member email_verified must be true or false.'
  if (!isTexts(roles)) return 'The member roles must be a list of names.'
  if (!isObject(claims)) return 'The member claims must be an object.'
  return {
    email,
    emailVerified: email_verified,
    roles,
    claims: { ...claims, ...more },
    ...(password === undefined ? {} : { password }),
    ...(password_hash === undefined ? {} : { passwordHash: password_hash }),
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
