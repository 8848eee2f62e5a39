/** Loaded when first used, or when a provider is named: a server without providers does without it. */
export const loadJose = () => import('jose')

/** Loaded when first used, as jose is. */
export const loadOauth = () => import('oauth4webapi')

/** Begins to load both, so that no sign-in waits; where that fails, the one that needs them says so. */
export function beginLoading(): void {
  for (const library of [loadJose(), loadOauth()]) library.catch(() => {})
}
