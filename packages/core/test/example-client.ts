import { type ClientMetadata, parseClientMetadata } from '../src/client-metadata.ts'

/** A web application with one redirect URI, but for what `wire` says otherwise. */
export function exampleClient(wire: Readonly<Record<string, unknown>> = {}): ClientMetadata {
  return parseClientMetadata({ redirect_uris: ['https://app.example/cb'], ...wire })
}
