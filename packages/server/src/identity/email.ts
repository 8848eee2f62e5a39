import { InputError } from './input-error.ts'

export { emailKey } from '../storage/email-key.ts'

/** Longest address in octets: a path of RFC 5321 §4.5.3.1.3 without its angle brackets. */
const LONGEST = 254

/** An address as it is kept: NFC, without the spaces that copying adds around it. Throws InputError. */
export function parseEmail(text: string): string {
  const email = text.normalize('NFC').trim()
  checkEmail(email)
  return email
}

/**
 * Takes what mail systems take: one @ between a local part and a host name with no spaces, controls, quotes or
 * brackets (RFC 5321 §4.1.2, RFC 6531 §3.3). Throws InputError. Whether it receives mail is not asked here.
 */
function checkEmail(email: string): void {
  const wrong = (why: string) => new InputError('invalid', 'email', `This is not an e-mail address: ${why}.`)
  if (Buffer.byteLength(email) > LONGEST) throw wrong(`it is longer than ${LONGEST} bytes`)
  const at = email.lastIndexOf('@')
  if (at === -1) throw wrong('it has no @')
  if (/[\s\p{C}"(),:;<>[\\\]]/u.test(email))
    throw wrong('it holds a space, a quote or another sign that addresses do not have')
  const local = email.slice(0, at)
  if (local === '' || local.includes('@') || Buffer.byteLength(local) > 64)
    throw wrong('the part before the @ is empty, too long, or has another @')
  const labels = email.slice(at + 1).split('.')
  const fine = labels.every(
    (label) => /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(label) && label.length <= 63,
  )
  if (!fine) throw wrong('the part after the @ is not a host name')
}
