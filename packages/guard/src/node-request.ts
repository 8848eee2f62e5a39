import type { RequestFacts } from './guard.ts'

/** What Express and Fastify requests share: Node's own. */
export type NodeRequest = {
  readonly headers: { readonly authorization?: string | undefined }
  /** Names and values in turn, as they came. */
  readonly rawHeaders?: readonly string[]
}

/**
 * Read from the raw list: of two `Authorization` headers Node keeps the first and drops the other, and it makes
 * `headers` only when somebody asks for it.
 */
export function nodeFacts(request: NodeRequest, method: string, url: string): RequestFacts {
  const { rawHeaders } = request
  if (rawHeaders === undefined) {
    return { authorization: request.headers.authorization ?? null, repeated: false, method, url }
  }
  let authorization: string | null = null
  let repeated = false
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length !== NAME.length || name.toLowerCase() !== NAME) continue
    if (authorization !== null) repeated = true
    else authorization = rawHeaders[index + 1] ?? null
  }
  return { authorization, repeated, method, url }
}

const NAME = 'authorization'
