import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import sparticuz, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const packageEntry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
const packageRoot = dirname(dirname(packageEntry))

/** Where the browser is unpacked to, once for each version of the package. */
const unpackedFolder = (): string => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  return join(dirname(dirname(packageRoot)), '.cache', `chromium-${version}`)
}

/**
 * The package's own settings name the folders of a cloud function; without a font Chromium aborts at the
 * first bullet of a password.
 */
const fontSettings = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts', 'cache')}</cachedir></fontconfig>
`

/** Unpacks into a folder of its own and renames, so that nobody ever starts half a browser. */
const unpack = async (): Promise<string> => {
  const folder = unpackedFolder()
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const fresh = await mkdtemp(`${folder}-`)
  const usual = process.env.TMPDIR
  // The package unpacks into the system's temporary folder, whatever that is at the moment.
  process.env.TMPDIR = fresh
  try {
    await sparticuz.executablePath()
    await inflate(join(packageRoot, 'bin', 'al2023.tar.br'))
    await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontSettings(folder))
  } finally {
    if (usual === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = usual
  }
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }))
  return folder
}

/** Environment in which the browser starts: its own libraries only where the machine lacks them. */
const environmentFor = async (folder: string): Promise<Record<string, string>> => {
  const usual = { PATH: process.env.PATH ?? '', HOME: folder, FONTCONFIG_PATH: join(folder, 'fonts') }
  const starts = await promisify(execFile)(join(folder, 'chromium'), ['--version'], { env: usual }).then(
    () => true,
    () => false,
  )
  return starts ? usual : { ...usual, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real Chromium that came with `npm ci`. Close it after the tests. */
export const launchBrowser = async (): Promise<Browser> => {
  const folder = await unpack()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: flags,
    env: await environmentFor(folder),
    headless: true,
  })
}
