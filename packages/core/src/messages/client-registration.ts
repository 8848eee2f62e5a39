import { type ClientMetadata, clientMetadataToWire } from '../client-metadata.ts'

/** A client as it is shown once it exists. */
export type RegisteredClient = {
  readonly clientId: string
  /** In the clear, at the one moment when it is known; null otherwise. */
  readonly clientSecret: string | null
  /** Seconds since 1970. */
  readonly createdAt: number
  readonly metadata: ClientMetadata
}

/** A client in the names of RFC 7591 §3.2.1. A secret comes with `client_secret_expires_at` 0: it never does. */
export function respondClient(client: RegisteredClient): Record<string, unknown> {
  return {
    client_id: client.clientId,
    ...(client.clientSecret === null
      ? {}
      : { client_secret: client.clientSecret, client_secret_expires_at: 0 }),
    client_id_issued_at: client.createdAt,
    ...clientMetadataToWire(client.metadata),
  }
}
