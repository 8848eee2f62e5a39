import { profileOf, text } from './claims.ts'
import type { Profile, ProfileSource } from './provider.ts'

/**
 * A picture is a hash of the image, at an address of the content network.
 *
 * @see https://discord.com/developers/docs/resources/user
 */
export function discordProfile({ userinfo }: ProfileSource): Profile {
  const { id, email, verified, username, global_name, avatar } = userinfo
  return profileOf({
    subject: id,
    email,
    emailVerified: verified === true,
    name: text(global_name) ?? username,
    picture: text(avatar) && `https://cdn.discordapp.com/avatars/${id}/${avatar}.png`,
  })
}
