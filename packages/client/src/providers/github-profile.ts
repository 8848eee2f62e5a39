import { profileOf, records, text } from './claims.ts'
import type { Profile, ProfileSource } from './provider.ts'

/**
 * The address on a GitHub profile is what its owner wants shown, or nothing: the proven ones are in the list of
 * `/user/emails`, the primary one first. An unproven address of that list is nobody's.
 *
 * @see https://docs.github.com/rest/users/emails#list-email-addresses-for-the-authenticated-user
 */
export function githubProfile({ userinfo, extra }: ProfileSource): Profile {
  const proven = records(extra).filter(({ verified }) => verified === true)
  const address = proven.find(({ primary }) => primary === true) ?? proven[0]
  return profileOf({
    subject: userinfo.id,
    email: address === undefined && !Array.isArray(extra) ? userinfo.email : address?.email,
    emailVerified: address !== undefined,
    name: text(userinfo.name) ?? userinfo.login,
    picture: userinfo.avatar_url,
  })
}
