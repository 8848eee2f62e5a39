import type { ClientError, ClientErrorCode } from '@doorward/client/upstream'
import type { AdmissionRefusal } from '../policy/upstream-account.ts'

/** What a person reads of a sign-in that failed. */
export type Words = {
  readonly title: string
  readonly text: string
  readonly next: string
  /** True where the same sign-in may well work the next time. */
  readonly again: boolean
}

const ANEW = 'Start again in this window. If it happens again, sign in another way.'
const TELL =
  'Sign in another way, or try again later. If it happens again, tell the people who run this service the reference below.'
const TELL_NOW = 'Sign in another way, and tell the people who run this service the reference below.'

type Say = (provider: string) => Words

/** What people can do something about has words of its own. */
const SAID: Partial<Readonly<Record<ClientErrorCode, Say>>> = {
  state_expired: (provider) => ({
    title: 'This took too long',
    text: `The sign-in with ${provider} began more than ten minutes ago.`,
    next: ANEW,
    again: true,
  }),
  state_used: (provider) => ({
    title: 'This sign-in was finished already',
    text: `The same answer of ${provider} came a second time: by a second click, a reload, or the way back.`,
    next: 'Start again, or go back to the app that you came from.',
    again: true,
  }),
  state_cookie_lost: (provider) => ({
    title: 'This sign-in cannot go on',
    text: `The browser came back from ${provider} without the cookie that it was given at the start. It blocks cookies, or the sign-in began in another browser or in a private window, or by somebody else who sent you the link.`,
    next: 'Start again in this window, with cookies allowed.',
    again: true,
  }),
  access_denied: (provider) => ({
    title: `You are not signed in with ${provider}`,
    text: `${provider} says that you did not allow it, or that you may not.`,
    next: ANEW,
    again: true,
  }),
}

const ENDED: ReadonlySet<ClientErrorCode> = new Set([
  'state_unknown',
  'state_missing',
  'callback_malformed',
  'code_refused',
])
const TROUBLE: ReadonlySet<ClientErrorCode> = new Set([
  'provider_unreachable',
  'provider_failed',
  'answer_timed_out',
])
const SETTINGS: ReadonlySet<ClientErrorCode> = new Set([
  'client_rejected',
  'redirect_uri_mismatch',
  'address_refused',
  'discovery_issuer_mismatch',
  'discovery_incomplete',
  'clock_off',
])
const UNTRUSTED =
  /^(?:id_token_|authorization_issuer_|state_other_|userinfo_subject_|token_answer_|token_type_)/

/** What happened, why, and what to do: by kind of cause, with the provider's name. */
export function wordsFor({ code }: ClientError, provider: string): Words {
  const said = SAID[code]
  if (said !== undefined) return said(provider)
  if (ENDED.has(code)) {
    const text = `What the browser brought back from ${provider} belongs to no sign-in that could be finished here. It may be an old or a forged link.`
    return { title: 'This sign-in cannot go on', text, next: ANEW, again: true }
  }
  if (TROUBLE.has(code)) {
    const text = `${provider} did not answer, or said that it has trouble. Nothing is wrong with your account.`
    const next = 'Wait a moment and try again, or sign in another way.'
    return { title: `${provider} cannot be reached`, text, next, again: true }
  }
  if (SETTINGS.has(code)) {
    const text = `This service and ${provider} do not agree on how to talk to each other. You can do nothing about that.`
    return { title: `Sign-in with ${provider} is not set up right`, text, next: TELL_NOW, again: false }
  }
  if (UNTRUSTED.test(code)) {
    const text = `What ${provider} answered does not fit what it was asked, so nobody was signed in.`
    return { title: `The answer of ${provider} cannot be trusted`, text, next: TELL, again: true }
  }
  const text = `${provider} did not say who you are, though you came back from it.`
  return { title: `${provider} refused the sign-in`, text, next: TELL, again: true }
}

/** How whoever runs the server mends it, in terms of its own settings where the client's own words name others. */
export function fixFor({ code, explained }: ClientError, redirectUri: string): string {
  switch (code) {
    case 'redirect_uri_mismatch':
      return `Register \`${redirectUri}\` with the provider, character for character.`
    case 'state_unknown':
      return 'Start again. Give every process the same `DOORWARD_SECRET`; sign-ins under way when it changes have to start again.'
    case 'state_cookie_lost':
      return 'Start again in one browser window. Where a proxy stands in front, let it pass `Set-Cookie` and `Cookie` on.'
    case 'provider_unreachable':
      return `${explained.explanation} Try again. If it repeats, try the provider’s address from the server’s machine: DNS, firewall, certificate.`
    case 'clock_off':
      return 'The clock of the server’s machine and that of the provider differ by more than a minute. Set it by a time service (NTP).'
    default:
      return `${explained.explanation} ${explained.fix}`
  }
}

/** Why an account of a provider signs nobody in, or could not be connected. */
export type AccountRefusal = AdmissionRefusal | 'identity_taken' | 'session_ended'

/** What a person reads who proved to a provider who they are, and is not let in. */
export function refusalWords(cause: AccountRefusal, provider: string): Words {
  return { ...REFUSED[cause](provider), again: false }
}

const REFUSED: Readonly<Record<AccountRefusal, (provider: string) => Omit<Words, 'again'>>> = {
  session_ended: (provider) => ({
    title: 'You are not signed in any more',
    text: `${provider} was not connected: the session in which that was asked for has ended, or another browser asked for it.`,
    next: `Sign in, and connect ${provider} again.`,
  }),
  registration_closed: (provider) => ({
    title: 'There is no account for you here',
    text: `${provider} says who you are, but that account signs nobody in here, and accounts are made by the people who run this service.`,
    next: 'Sign in another way if you have an account, or ask the people who run this service for one.',
  }),
  email_in_use: (provider) => ({
    title: 'An account has this email already',
    text: `${provider} does not prove that the address is yours, so you were not let into that account.`,
    next: `Sign in as you did before. Then connect ${provider} at your account, under “Ways to sign in”.`,
  }),
  email_missing: (provider) => ({
    title: `${provider} did not share your email`,
    text: 'An account here needs an email address, and none that it could have was named.',
    next: `Allow ${provider} to share your address, or sign in another way and connect it at your account, under “Ways to sign in”.`,
  }),
  user_disabled: () => ({
    title: 'This account is disabled',
    text: 'The people who run this service have disabled it.',
    next: 'Ask them about it, with the reference below.',
  }),
  subject_malformed: (provider) => ({
    title: `${provider} refused the sign-in`,
    text: `The way in which ${provider} names your account cannot be stored here.`,
    next: TELL_NOW,
  }),
  identity_taken: (provider) => ({
    title: `${provider} signs in another account`,
    text: `Your account at ${provider} is connected with another account here, and it can sign in only one.`,
    next: `Connect another account of ${provider}. Or sign in with ${provider}, disconnect it from the account that you get to, and connect it with this one.`,
  }),
}
