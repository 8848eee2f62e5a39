import { OAuthError } from '@doorward/core'
import type { Deps } from '../deps.ts'
import type { Handler } from '../http/inbound.ts'
import { createAssets, respondAsset } from '../pages/assets.ts'

/** `/assets/*`: the style sheets, script and marks of the pages. */
export function createAssetsEndpoint({ config }: Pick<Deps, 'config'>): Handler {
  const assets: ReadonlyMap<string, Parameters<typeof respondAsset>[0]> = createAssets(config.branding)
  return async (inbound) => {
    const asset = assets.get(inbound.path)
    if (asset !== undefined) return respondAsset(asset, inbound.request)
    throw new OAuthError('invalid_request', 'There is no such file here.', {
      reason: 'not_found',
      status: 404,
    })
  }
}
