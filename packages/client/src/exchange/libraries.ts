/** Loaded when first used: a server without any provider does without both libraries, and is 2 MB smaller. */
export const loadJose = () => import('jose')

/** Loaded when first used, as jose is. */
export const loadOauth = () => import('oauth4webapi')
