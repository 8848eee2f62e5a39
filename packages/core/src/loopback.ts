const HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** True for the hosts, as URLs spell them, on which http is as good as https: this machine alone (RFC 8252 §8.3). */
export function isLoopbackHost(hostname: string): boolean {
  return HOSTS.has(hostname)
}
