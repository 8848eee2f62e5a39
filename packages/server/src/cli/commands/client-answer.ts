import type { Client } from '../../storage/records.ts'
import { type Answer, details, moment } from '../output.ts'

/** A client as RFC 7591 §3.2.1 names it, and for a person; with its secret at the one moment it is known. */
export async function clientAnswer(client: Client, secret: string | null): Promise<Answer> {
  const { clientToWire } = await import('../../management/clients.ts')
  const wire = clientToWire({ client, secret })
  const { client_id, client_secret, client_id_issued_at, client_secret_expires_at, ...members } = wire
  const rows = Object.entries(members)
    .map(([name, value]) => [name, memberText(value)] as const)
    .filter(([, value]) => value !== '' && value !== 'false')
  return {
    json: wire,
    text: details([
      ['client_id', client.id],
      ['client_secret', secret],
      ...rows,
      ['created', moment(client.createdAt)],
    ]),
    ...(secret === null
      ? {}
      : { note: 'The secret is shown this once: keep it where only the app can read it.' }),
  }
}

function memberText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
