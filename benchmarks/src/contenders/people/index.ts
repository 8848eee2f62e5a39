import { randomBytes } from 'node:crypto'

/** Somebody with an account, or about to have one. */
export type Person = { readonly name: string; readonly email: string; readonly password: string }

/** How many people take turns, so that no answer is always about the same one. */
const CROWD = 50

/** People nobody knows yet. */
export function makePeople(): readonly Person[] {
  return Array.from({ length: CROWD }, (_, at) => ({
    name: `Person ${at}`,
    email: `person-${at}@example.com`,
    password: randomBytes(12).toString('base64url'),
  }))
}

/** The `Cookie` header of a browser that got these answers. */
export function cookiesFrom(answers: readonly Response[]): string {
  const cookies = new Map<string, string>()
  for (const line of answers.flatMap(({ headers }) => headers.getSetCookie())) {
    const [pair = ''] = line.split(';')
    cookies.set(pair.slice(0, pair.indexOf('=')), pair)
  }
  return [...cookies.values()].join('; ')
}
