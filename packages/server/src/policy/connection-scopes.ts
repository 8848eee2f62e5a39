/**
 * `connections:google` lets a client fetch an access token of the person's own account at that provider. It is nobody's
 * but the issuer's, known only where the provider is configured, never given without the person's own consent, and never to
 * a client in its own name.
 */
const PREFIX = 'connections:'

/** The scope for a provider, by its id in the settings. */
export const connectionScope = (providerId: string): string => `${PREFIX}${providerId}`

/** True for any such scope, whether its provider is configured or not: nobody else may give these names a meaning. */
export const isConnectionScope = (scope: string): boolean => scope.startsWith(PREFIX)
