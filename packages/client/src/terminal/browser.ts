import { spawn } from 'node:child_process'

type Opener = { readonly command: string; readonly args: readonly string[] }

/** `rundll32` takes the address as it is, where `start` would read it as a command. */
const openers: Readonly<Record<string, Opener>> = {
  darwin: { command: 'open', args: [] },
  win32: { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] },
}

/** Opens an address in the person's own browser (RFC 8252 §6). False where this platform's opener cannot start. */
export function openInBrowser(url: string): Promise<boolean> {
  const { command, args } = openers[process.platform] ?? { command: 'xdg-open', args: [] }
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
