import { randomFillSync } from 'node:crypto'

/** Random bytes are drawn in bulk: a draw of 32 costs almost as much as one of 4096. */
const pool = Buffer.alloc(4096)
let used = pool.length

/** Random bytes, 1 to 4096. Throws RangeError outside of that. */
export function drawBytes(bytes: number): Buffer {
  if (!(bytes >= 1 && bytes <= pool.length)) throw new RangeError('A token has 1 to 4096 bytes')
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const from = used
  used += bytes
  const drawn = Buffer.from(pool.subarray(from, used))
  pool.fill(0, from, used)
  return drawn
}

/** A random token of `bytes` bytes (default 32, so 256 bits) in base64url. Throws RangeError outside of 1 to 4096. */
export function randomToken(bytes = 32): string {
  return drawBytes(bytes).toString('base64url')
}
