/**
 * The claims that each scope asks for.
 * @see OpenID Connect Core §5.4
 */
export const CLAIMS_BY_SCOPE = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
} as const satisfies Record<string, readonly string[]>

/** Every claim about a person that there is (OpenID Connect Core §5.1), for discovery. */
export const USER_CLAIMS: readonly string[] = Object.values(CLAIMS_BY_SCOPE).flat()
