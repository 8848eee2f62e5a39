import { sha256 } from '@doorward/core/crypto'
import { brandMark } from './mark.ts'
import { base } from './styles/base.ts'
import { controls } from './styles/controls.ts'
import { sections } from './styles/sections.ts'
import { themeStylesheet } from './styles/theme.ts'
import { tokens } from './styles/tokens.ts'

/** One file that pages load: its bytes as text, and the digest that names this version. */
export type Asset = {
  readonly body: string
  readonly type: string
  /** A strong entity tag with its quotes (RFC 9110 §8.8.3). */
  readonly etag: string
  /** The `v` that pages put into the URL: with it the answer never changes. */
  readonly version: string
}

type AssetPath =
  | '/assets/doorward.css'
  | '/assets/theme.css'
  | '/assets/form-post.js'
  | '/assets/mark.svg'
  | '/assets/favicon.svg'

type Assets = ReadonlyMap<AssetPath, Asset>

/**
 * Submits the one form of the form_post page; its visible button stays for where this does not run, and for
 * whoever comes back to the page with the browser's Back button.
 */
const FORM_POST_SCRIPT = `const [visit] = performance.getEntriesByType('navigation')
if (visit?.type !== 'back_forward') HTMLFormElement.prototype.submit.call(document.forms[0])
`

const STYLESHEET = asset('text/css; charset=utf-8', tokens + base + controls + sections)
const SCRIPT = asset('text/javascript; charset=utf-8', FORM_POST_SCRIPT)

const made = new WeakMap<object, Assets>()

/** The files behind every page, by their path under the issuer; made once for each `branding` object. */
export function createAssets(branding: { readonly accent: string }): Assets {
  const known = made.get(branding)
  if (known !== undefined) return known
  const mark = asset('image/svg+xml', brandMark(branding.accent))
  const assets = new Map<AssetPath, Asset>([
    ['/assets/doorward.css', STYLESHEET],
    ['/assets/theme.css', asset('text/css; charset=utf-8', themeStylesheet(branding.accent))],
    ['/assets/form-post.js', SCRIPT],
    ['/assets/mark.svg', mark],
    ['/assets/favicon.svg', mark],
  ])
  made.set(branding, assets)
  return assets
}

/** Where a page finds one of them: the version in the query lets browsers keep the answer for ever. */
export function assetUrl(frame: { basePath: string; branding: { accent: string } }, path: AssetPath): string {
  return `${frame.basePath}${path}?v=${createAssets(frame.branding).get(path)?.version ?? ''}`
}

/**
 * Answers a request for an asset (RFC 9110 §13.1.2, RFC 8246): for ever under the URL that pages use,
 * revalidated under any other, 304 where the browser has it.
 */
export function respondAsset(file: Asset, request: Request): Response {
  const current = new URL(request.url).searchParams.get('v') === file.version
  const headers = {
    'cache-control': current ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
  }
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === file.etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(file.body, {
    headers: { ...headers, 'content-type': file.type, 'x-content-type-options': 'nosniff' },
  })
}

function asset(type: string, body: string): Asset {
  const version = sha256(body).slice(0, 16)
  return { body, type, etag: `"${version}"`, version }
}
