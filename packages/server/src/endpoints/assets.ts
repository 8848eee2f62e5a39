import { OAuthError } from '@doorward/core'
import type { Deps } from '../deps.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { knowsVersion } from '../http/respond.ts'
import { COMMON_HEADERS } from '../http/security-headers.ts'
import { type Asset, createAssets } from '../pages/assets.ts'

/** `/assets/*`: the style sheets, script and marks of the pages. */
export function createAssetsEndpoint({ config }: Pick<Deps, 'config'>): Handler {
  const assets: ReadonlyMap<string, Asset> = createAssets(config.branding)
  return async (inbound) => {
    const asset = assets.get(inbound.path)
    if (asset !== undefined) return respondAsset(asset, inbound)
    throw new OAuthError('invalid_request', 'There is no such file here.', {
      reason: 'not_found',
      status: 404,
    })
  }
}

/**
 * An asset (RFC 9110 §13.1.2, RFC 8246): kept for ever under the URL that pages use, revalidated under any other,
 * 304 where the browser has it.
 */
function respondAsset(file: Asset, { request, query }: Inbound): Reply {
  const headers = {
    'Cache-Control': query.get('v') === file.version ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: file.etag,
  }
  if (knowsVersion(request, file.etag)) return { status: 304, headers, cookies: [], body: null }
  const typed = { ...headers, 'Content-Type': file.type, ...COMMON_HEADERS }
  return { status: 200, headers: typed, cookies: [], body: file.body }
}
