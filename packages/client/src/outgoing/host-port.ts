/** Reads `host:port` or `[v6]:port` as `host:port` in the spelling that URL parsers keep; null for anything else. */
export function parseHostPort(text: string): string | null {
  const port = /:(\d{1,5})$/.exec(text)?.[1]
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return null
  const host = text.slice(0, -port.length - 1)
  if (host.replace(/^\[.*\]$/, '').includes(':') || !URL.canParse(`http://${host}/`)) return null
  const url = new URL(`http://${host}/`)
  if (url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '') return null
  return `${url.hostname}:${Number(port)}`
}

/** Host and port of a URL in the same spelling, with the scheme's own port where it names none. */
export function hostPortOf(url: URL): string {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return `${url.hostname}:${port}`
}
