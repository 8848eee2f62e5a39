import { type ClientMetadata, clientMetadataToWire, parseClientMetadata } from '@doorward/core'
import { BoundedMap } from '../memory/bounded-map.ts'
import type { ClaimsRequest, Grant, ProfileClaims } from './records.ts'
import type { GrantColumns } from './schema.ts'

/**
 * JSON columns, in and out. What is read here was written here: no column is ever filled from outside, so the
 * shapes are stated, not checked. Client metadata alone is parsed in full, for migrations of it are likely.
 */

/** The text of a JSON column. */
export const encodeJson = (value: unknown): string => JSON.stringify(value)

/** Reads a column that holds a list of texts. */
export const decodeStrings = (text: string): readonly string[] => JSON.parse(text) as readonly string[]

/** Reads the claims of a user. */
export const decodeProfile = (text: string): ProfileClaims => JSON.parse(text) as ProfileClaims

type GrantDetails = Pick<Grant, 'scopes' | 'resources' | 'authTime' | 'acr' | 'amr'> & {
  readonly claims: ClaimsRequest
}

/** The columns of a grant: what SQL looks at by itself, the rest as JSON. */
export function encodeGrant(grant: Grant): GrantColumns {
  const { scopes, resources, claims, authTime, acr, amr } = grant
  const details: GrantDetails = { scopes, resources, claims, authTime, acr, amr }
  return {
    client_id: grant.clientId,
    user_id: grant.userId,
    sid: grant.sid,
    offline: grant.offline ? 1 : 0,
    details: JSON.stringify(details),
  }
}

/** Reads a grant back from its columns. */
export function decodeGrant(columns: GrantColumns): Grant {
  const details = JSON.parse(columns.details) as GrantDetails
  return {
    clientId: columns.client_id,
    userId: columns.user_id,
    sid: columns.sid,
    offline: columns.offline === 1,
    ...details,
  }
}

/** The text of client metadata, in the names of RFC 7591. */
export const encodeMetadata = (metadata: ClientMetadata): string =>
  JSON.stringify(clientMetadataToWire(metadata))

/** Decodes client metadata, keeping the last texts it met: the token endpoint reads the same few over and over. */
export function createMetadataDecoder(limit = 1000): (text: string) => ClientMetadata {
  const known = new BoundedMap<string, ClientMetadata>(limit)
  return (text) => {
    const hit = known.get(text)
    if (hit !== undefined) return hit
    const metadata = parseClientMetadata(JSON.parse(text))
    known.set(text, metadata)
    return metadata
  }
}
