/** What a scope or a claim lets an app do, in a person's words. */
export type Permission = {
  readonly text: string
  /** True where it deserves a second look: it lasts, changes things, or is about where and how to reach a person. */
  readonly sensitive: boolean
  /** The scope itself, shown small where our words are a guess. */
  readonly scope: string | null
}

type Known = { readonly text: string; readonly sensitive?: true }

/** An API that is asked for without any of its scopes: what a token for it opens is for that API to say. */
export const API_PERMISSION: Permission = { text: 'Act in your name', sensitive: true, scope: null }

/** OpenID Connect Core §5.4 and §11. */
const SCOPES: Readonly<Record<string, Known>> = {
  openid: { text: 'Recognise you when you come back' },
  profile: { text: 'See your profile: name, picture, birthday, language and the like' },
  email: { text: 'See your email address' },
  phone: { text: 'See your phone number', sensitive: true },
  address: { text: 'See your postal address', sensitive: true },
  offline_access: { text: 'Keep this access while you are away', sensitive: true },
}

/** OpenID Connect Core §5.1. */
const CLAIMS: Readonly<Record<string, Known>> = {
  name: { text: 'your name' },
  given_name: { text: 'your given name' },
  family_name: { text: 'your family name' },
  middle_name: { text: 'your middle name' },
  nickname: { text: 'your nickname' },
  preferred_username: { text: 'your user name' },
  profile: { text: 'the address of your profile page' },
  picture: { text: 'your picture' },
  website: { text: 'your website' },
  email: { text: 'your email address' },
  email_verified: { text: 'whether your email address is verified' },
  gender: { text: 'your gender' },
  birthdate: { text: 'your birthday', sensitive: true },
  zoneinfo: { text: 'your time zone' },
  locale: { text: 'your language' },
  phone_number: { text: 'your phone number', sensitive: true },
  phone_number_verified: { text: 'whether your phone number is verified' },
  address: { text: 'your postal address', sensitive: true },
  updated_at: { text: 'when your profile last changed' },
}

/** Verbs that APIs put into scopes, by whether what they do can be seen afterwards. */
const VERBS: Readonly<Record<string, Known>> = {
  read: { text: 'See' },
  view: { text: 'See' },
  list: { text: 'See' },
  create: { text: 'Create', sensitive: true },
  write: { text: 'Create and change', sensitive: true },
  update: { text: 'Change', sensitive: true },
  edit: { text: 'Change', sensitive: true },
  send: { text: 'Send', sensitive: true },
  delete: { text: 'Delete', sensitive: true },
  manage: { text: 'Create, change and delete', sensitive: true },
  admin: { text: 'Do anything with', sensitive: true },
}

/** Words for a scope: known ones by name, `orders:read` and `read:orders` by their verb, others as they are. */
export function scopePermission(scope: string, resource: string | null): Permission {
  const known = resource === null && Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined
  if (known !== undefined) return { text: known.text, sensitive: known.sensitive === true, scope: null }
  const [left = '', right = '', ...more] = scope.split(/[:.]/)
  if (more.length === 0 && right !== '') {
    const guess = inWords(right, left) ?? inWords(left, right)
    if (guess !== null) return { ...guess, scope }
  }
  const bare = Object.hasOwn(VERBS, scope) ? VERBS[scope] : undefined
  if (bare !== undefined)
    return { text: `${bare.text} what is yours there`, sensitive: bare.sensitive === true, scope }
  // Nobody told us what it does, so it is not for us to call it harmless.
  return { text: 'Use a permission that nobody has described', sensitive: true, scope }
}

/** Words for the person's own account at a provider, by the provider's name. */
export function connectionPermission(provider: string): Permission {
  return {
    text: `Use your ${provider} account in your name, within what you allowed there`,
    sensitive: true,
    scope: null,
  }
}

/** Words for the single claims that were asked for beyond the scopes (OpenID Connect Core §5.5). */
export function claimPermission(claim: string): Permission {
  const known = Object.hasOwn(CLAIMS, claim) ? CLAIMS[claim] : undefined
  if (known === undefined) return { text: 'See this detail of your account', sensitive: true, scope: claim }
  return { text: `See ${known.text}`, sensitive: known.sensitive === true, scope: null }
}

function inWords(verb: string, noun: string): { readonly text: string; readonly sensitive: boolean } | null {
  const known = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (known === undefined || !/^[a-z][a-z_-]*$/i.test(noun)) return null
  return { text: `${known.text} your ${noun.replaceAll(/[_-]+/g, ' ')}`, sensitive: known.sensitive === true }
}
