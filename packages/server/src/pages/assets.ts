import { sha256 } from '@doorward/core/crypto'
import { brandMark } from './mark.ts'
import { base } from './styles/base.ts'
import { controls } from './styles/controls.ts'
import { providers } from './styles/providers.ts'
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

const STYLESHEET = asset('text/css; charset=utf-8', tokens + base + controls + sections + providers)
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

function asset(type: string, body: string): Asset {
  const version = sha256(body).slice(0, 16)
  return { body, type, etag: `"${version}"`, version }
}
