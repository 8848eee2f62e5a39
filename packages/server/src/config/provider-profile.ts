import type { Claims, Provider } from '@doorward/client/providers'
import * as z from 'zod'

const member = z.string().min(1).max(200)

/** The members of a userinfo answer that say who signed in. */
export const profileMembers = z.strictObject({
  subject: member,
  email: member.exactOptional(),
  emailVerified: member.exactOptional(),
  name: member.exactOptional(),
  picture: member.exactOptional(),
})

type ProfileMembers = z.output<typeof profileMembers>

/** Reads a profile by the names of its members. An address is proven where its member says `true`, and never else. */
export function profileFrom(members: ProfileMembers): Provider['profile'] {
  return ({ userinfo }) => {
    const email = textOf(userinfo, members.email)
    return {
      subject: identifierOf(userinfo[members.subject]),
      email,
      emailVerified:
        email !== null && members.emailVerified !== undefined && userinfo[members.emailVerified] === true,
      name: textOf(userinfo, members.name),
      picture: textOf(userinfo, members.picture),
    }
  }
}

function textOf(userinfo: Claims, name: string | undefined): string | null {
  const value = name === undefined ? null : userinfo[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function identifierOf(value: unknown): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' ? value : ''
}
