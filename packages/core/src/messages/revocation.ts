import { parseIntrospection, type TokenQuestion } from './introspection.ts'
import type { Params } from './params.ts'

/**
 * Reads a revocation request (RFC 7009 §2.1); an unknown hint is ignored (§2.2.1). The answer to success, and to
 * a token that nobody knows, has no body. Throws invalid_request.
 */
export function parseRevocation(params: Params): TokenQuestion {
  return parseIntrospection(params)
}
