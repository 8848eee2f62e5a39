/** Encodes bytes, or a text as UTF-8, in base64url without padding (RFC 7515 §2). */
export function encodeBase64url(data: Uint8Array | string): string {
  if (typeof data === 'string') return Buffer.from(data, 'utf8').toString('base64url')
  if (Buffer.isBuffer(data)) return data.toString('base64url')
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64url')
}

/**
 * Decodes base64url (RFC 7515 §2), or answers null for whatever is not its one canonical spelling: padding,
 * whitespace, the other alphabet, or bits left over that are not zero. Two spellings of one token would
 * otherwise be two keys in a cache or a replay list.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}
