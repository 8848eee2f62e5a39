const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** What holds where the configuration says nothing. Data only; lifetimes in seconds. */
export const DEFAULTS = {
  branding: { name: 'Doorward', logoUrl: null, accent: '#1f6f54', privacyUrl: null, helpUrl: null },
  accessToken: { lifetimeSeconds: 10 * minute, signingAlg: 'ES256' },
  idToken: { lifetimeSeconds: 10 * minute },
  code: { lifetimeSeconds: minute },
  refresh: { idleSeconds: 30 * day, absoluteSeconds: 365 * day, graceSeconds: 30 },
  session: { idleSeconds: 12 * hour, absoluteSeconds: 14 * day },
  registration: 'open',
  providers: [],
  password: { minLength: 12, maxLength: 256 },
  passwordHash: { memoryKiB: 19_456, passes: 2, lanes: 1, concurrency: null, queue: 256 },
  limits: {
    bodyBytes: 65_536,
    signIn: { perAccountAndAddress: 10, perAddress: 100, windowSeconds: 10 * minute },
  },
  keys: { rotateSeconds: 30 * day, jwksMaxAgeSeconds: 5 * minute },
  sweep: { intervalSeconds: minute, batch: 1_000 },
  trustProxy: [],
  allowPrivateHosts: [],
} as const

/** Where the server listens when nobody says. */
export const DEFAULT_PORT = 4000
