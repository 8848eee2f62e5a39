/** Bytes of r and of s in an ES256 signature (RFC 7518 §3.4). */
const PART = 32
const INTEGER = 0x02
const SEQUENCE = 0x30

/**
 * r‖s from the DER that OpenSSL signs with (RFC 3279 §2.2.3). Converting here signs twice as fast as asking
 * node:crypto for `ieee-p1363`.
 */
export function ecdsaFromDer(der: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(PART * 2)
  const rEnd = 4 + (der[3] ?? 0)
  const sEnd = rEnd + 2 + (der[rEnd + 1] ?? 0)
  copyInteger(der, { from: 4, end: rEnd }, out, PART)
  copyInteger(der, { from: rEnd + 2, end: sEnd }, out, PART * 2)
  return out
}

/** Right-aligned in its part: a DER integer has no zeros in front, and one where its top bit is set. */
function copyInteger(
  der: Uint8Array,
  { from, end }: { from: number; end: number },
  out: Uint8Array,
  outEnd: number,
): void {
  for (let back = 1; back <= PART; back += 1) {
    out[outEnd - back] = end - back >= from ? (der[end - back] ?? 0) : 0
  }
}

/** The DER of r‖s, or null where it is not 64 bytes or r or s is zero (FIPS 186-5 §6.4.2). */
export function ecdsaToDer(signature: Uint8Array): Uint8Array | null {
  if (signature.length !== PART * 2) return null
  const r = firstByte(signature, 0)
  const s = firstByte(signature, PART)
  if (r === PART || s === PART * 2) return null
  const rLength = PART - r + padding(signature, r)
  const sLength = PART * 2 - s + padding(signature, s)
  const der = Buffer.allocUnsafe(6 + rLength + sLength)
  der[0] = SEQUENCE
  der[1] = 4 + rLength + sLength
  der[2] = INTEGER
  der[3] = rLength
  putInteger(signature, { from: r, end: PART }, der, 4)
  der[4 + rLength] = INTEGER
  der[5 + rLength] = sLength
  putInteger(signature, { from: s, end: PART * 2 }, der, 6 + rLength)
  return der
}

/** Byte by byte: so few cost less than a view of them. */
function putInteger(
  signature: Uint8Array,
  { from, end }: { from: number; end: number },
  der: Uint8Array,
  at: number,
): void {
  let put = at
  if (padding(signature, from) === 1) der[put++] = 0
  for (let index = from; index < end; index += 1) der[put++] = signature[index] ?? 0
}

/** Index of the first byte that is not zero, up to the end of its part. */
function firstByte(signature: Uint8Array, from: number): number {
  let index = from
  while (index < from + PART && signature[index] === 0) index += 1
  return index
}

/** A DER integer with its top bit set would be negative: it gets a zero in front. */
function padding(signature: Uint8Array, index: number): number {
  return (signature[index] ?? 0) >= 0x80 ? 1 : 0
}
