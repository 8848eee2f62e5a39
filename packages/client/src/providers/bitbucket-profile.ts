import { profileOf, record, records } from './claims.ts'
import type { Profile, ProfileSource } from './provider.ts'

/**
 * Confirmed addresses come from a list of their own, the primary one first.
 *
 * @see https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users
 */
export function bitbucketProfile({ userinfo, extra }: ProfileSource): Profile {
  const proven = records(record(extra).values).filter(({ is_confirmed }) => is_confirmed === true)
  const address = proven.find(({ is_primary }) => is_primary === true) ?? proven[0]
  return profileOf({
    subject: userinfo.uuid,
    email: address?.email,
    emailVerified: address !== undefined,
    name: userinfo.display_name,
    picture: record(record(userinfo.links).avatar).href,
  })
}
