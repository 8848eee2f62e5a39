import { OAuthError } from '../errors.ts'
import { type Members, readMember } from './members.ts'

/**
 * Members that promise something Doorward does not do. Ignoring them, as RFC 7591 §2 lets us, would leave an
 * operator with less security than they asked for. Each with what it may be instead.
 */
const UNSUPPORTED: Readonly<Record<string, { readonly allowed: readonly unknown[]; readonly fix: string }>> =
  {
    jwks_uri: { allowed: [], fix: 'jwks_uri is not supported yet. Give the keys themselves in jwks.' },
    sector_identifier_uri: { allowed: [], fix: 'sector_identifier_uri is not supported yet. Leave it out.' },
    subject_type: { allowed: ['public'], fix: 'subject_type must be public: pairwise is not supported yet.' },
    request_uris: { allowed: [], fix: 'request_uris is not supported: requests are plain parameters.' },
    request_object_signing_alg: {
      allowed: [],
      fix: 'request_object_signing_alg is not supported: requests are plain parameters.',
    },
    require_signed_request_object: {
      allowed: [false],
      fix: 'require_signed_request_object is not supported: requests are plain parameters.',
    },
    id_token_encrypted_response_alg: {
      allowed: [],
      fix: 'Encrypted ID tokens are not supported. Leave the member out.',
    },
    userinfo_signed_response_alg: {
      allowed: ['none'],
      fix: 'userinfo_signed_response_alg is not supported: userinfo is plain JSON.',
    },
    userinfo_encrypted_response_alg: {
      allowed: [],
      fix: 'userinfo_encrypted_response_alg is not supported: userinfo is plain JSON.',
    },
    authorization_signed_response_alg: {
      allowed: [],
      fix: 'authorization_signed_response_alg is not supported: responses are plain parameters.',
    },
    frontchannel_logout_uri: {
      allowed: [],
      fix: 'frontchannel_logout_uri is not supported. Use backchannel_logout_uri.',
    },
    require_pushed_authorization_requests: {
      allowed: [false],
      fix: 'require_pushed_authorization_requests is not supported yet. Leave it out.',
    },
    dpop_bound_access_tokens: {
      allowed: [false],
      fix: 'dpop_bound_access_tokens is not supported yet. Leave it out.',
    },
    tls_client_certificate_bound_access_tokens: {
      allowed: [false],
      fix: 'tls_client_certificate_bound_access_tokens is not supported. Leave it out.',
    },
  }

/** Throws invalid_client_metadata, with what to do, where a member asks for what is not supported. */
export function refuseUnsupported(members: Members): void {
  for (const [name, { allowed, fix }] of Object.entries(UNSUPPORTED)) {
    const value = readMember(members, name)
    if (value !== null && !allowed.includes(value)) {
      throw new OAuthError('invalid_client_metadata', fix, { reason: 'metadata_unsupported' })
    }
  }
}

/** Names of the members refused above, for tools that look for misspelt ones. */
export const UNSUPPORTED_MEMBERS: readonly string[] = Object.keys(UNSUPPORTED)
