/** What an argon2id PHC string says of itself. */
type PhcParameters = { readonly memoryKiB: number; readonly passes: number; readonly lanes: number }

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/

/** Reads an argon2id string of version 19 (RFC 9106); null for every other kind. */
export function parsePhc(hash: string): PhcParameters | null {
  const [, memoryKiB, passes, lanes] = PHC.exec(hash) ?? []
  if (memoryKiB === undefined || passes === undefined || lanes === undefined) return null
  return { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) }
}

/** A string of these parameters that no password matches: checking against it costs what a real one costs. */
export function decoyPhc(parameters: PhcParameters, salt: Uint8Array, output: Uint8Array): string {
  const { memoryKiB, passes, lanes } = parameters
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${base64(salt)}$${base64(output)}`
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
