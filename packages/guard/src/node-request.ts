import type { RequestFacts } from './guard.ts'

/** What Express and Fastify requests share: Node's own. */
export type NodeRequest = {
  readonly headers: { readonly authorization?: string | undefined }
  /** Names and values in turn, as they came. */
  readonly rawHeaders?: readonly string[]
}

/** Node keeps the first of two `Authorization` headers and drops the other: only the raw list tells. */
export function nodeFacts(request: NodeRequest, method: string, url: string): RequestFacts {
  return {
    authorization: request.headers.authorization ?? null,
    repeated: isRepeated(request.rawHeaders ?? []),
    method,
    url,
  }
}

const NAME = 'authorization'

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === NAME.length && name.toLowerCase() === NAME) count += 1
  }
  return count > 1
}
