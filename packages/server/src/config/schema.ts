import * as z from 'zod'
import { DEFAULTS } from './defaults.ts'
import { issuerProblem } from './issuer.ts'
import { providersSetting } from './providers.ts'

const year = 365 * 24 * 60 * 60
const seconds = (least: number, most: number) => z.int().min(least).max(most)
const count = (least: number, most: number) => z.int().min(least).max(most)
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })

const branding = z
  .strictObject({
    name: z.string().min(1).max(60).default(DEFAULTS.branding.name).describe('Name on the pages.'),
    logoUrl: z
      .string()
      .regex(/^\/(?!\/)/, "must be a path on the issuer's own host, such as /logo.svg")
      .nullable()
      .default(DEFAULTS.branding.logoUrl)
      .describe(
        "Logo on the pages: a path on the issuer's host, such as /logo.svg. null shows the name alone.",
      ),
    accent: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #1f6f54')
      .default(DEFAULTS.branding.accent)
      .describe('Accent colour as #rrggbb; text on it is chosen by contrast.'),
    privacyUrl: webAddress
      .nullable()
      .default(DEFAULTS.branding.privacyUrl)
      .describe('Address of the privacy notice, linked in the footer.'),
    helpUrl: webAddress
      .nullable()
      .default(DEFAULTS.branding.helpUrl)
      .describe('Address of a help page, linked in the footer.'),
  })
  .prefault({})
  .describe('How the pages look.')

const lifetimes = {
  accessToken: z
    .strictObject({
      lifetimeSeconds: seconds(1, year)
        .default(DEFAULTS.accessToken.lifetimeSeconds)
        .describe('Lifetime of an access token in seconds, where its resource sets none (RFC 9068 §2.2).'),
      signingAlg: z
        .enum(['ES256', 'RS256', 'EdDSA'])
        .default(DEFAULTS.accessToken.signingAlg)
        .describe('Algorithm that signs access tokens, where their resource sets none (RFC 9068 §2.1).'),
    })
    .prefault({})
    .describe('Access tokens.'),
  idToken: z
    .strictObject({
      lifetimeSeconds: seconds(1, year)
        .default(DEFAULTS.idToken.lifetimeSeconds)
        .describe('Lifetime of an ID token in seconds (OpenID Connect Core §2).'),
    })
    .prefault({})
    .describe('ID tokens.'),
  code: z
    .strictObject({
      lifetimeSeconds: seconds(1, 600)
        .default(DEFAULTS.code.lifetimeSeconds)
        .describe('Lifetime of an authorization code in seconds, at most 600 (RFC 6749 §4.1.2).'),
    })
    .prefault({})
    .describe('Authorization codes.'),
  refresh: z
    .strictObject({
      idleSeconds: seconds(1, 10 * year)
        .default(DEFAULTS.refresh.idleSeconds)
        .describe('A refresh token unused for this many seconds ends (RFC 9700 §4.14.2).'),
      absoluteSeconds: seconds(1, 10 * year)
        .default(DEFAULTS.refresh.absoluteSeconds)
        .describe('Seconds after the authorization at which refreshing ends, however much it is used.'),
      graceSeconds: seconds(0, 300)
        .default(DEFAULTS.refresh.graceSeconds)
        .describe(
          'Seconds in which a rotated refresh token may come again and gets its successor. 0 is off.',
        ),
    })
    .prefault({})
    .describe('Refresh tokens and their rotation (RFC 9700 §4.14.2).'),
  session: z
    .strictObject({
      idleSeconds: seconds(60, year)
        .default(DEFAULTS.session.idleSeconds)
        .describe('A session without activity for this many seconds ends.'),
      absoluteSeconds: seconds(60, 10 * year)
        .default(DEFAULTS.session.absoluteSeconds)
        .describe('Seconds after sign-in at which a session ends, however active it is.'),
    })
    .prefault({})
    .describe('Sign-in sessions.'),
}

const passwords = {
  password: z
    .strictObject({
      minLength: count(8, 256)
        .default(DEFAULTS.password.minLength)
        .describe(
          'Fewest code points of a new password after NFKC (SP 800-63B-4 §3.1.1 asks 15 where it stands alone).',
        ),
      maxLength: count(64, 4096)
        .default(DEFAULTS.password.maxLength)
        .describe(
          'Most code points of a password after NFKC (SP 800-63B-4 §3.1.1 asks to take at least 64).',
        ),
    })
    .prefault({})
    .describe('What a password must be.'),
  passwordHash: z
    .strictObject({
      memoryKiB: count(8, 4_194_304)
        .default(DEFAULTS.passwordHash.memoryKiB)
        .describe('argon2id memory in KiB (RFC 9106 §3.1). Older hashes are renewed at the next sign-in.'),
      passes: count(1, 1_000)
        .default(DEFAULTS.passwordHash.passes)
        .describe('argon2id passes (RFC 9106 §3.1).'),
      lanes: count(1, 255).default(DEFAULTS.passwordHash.lanes).describe('argon2id lanes (RFC 9106 §3.1).'),
      concurrency: count(1, 64)
        .nullable()
        .default(DEFAULTS.passwordHash.concurrency)
        .describe(
          'Hashes under way at once in each process; with `--workers`, in each worker. null is one for each processor core, at most four, and with `--workers` the cores are shared among the workers.',
        ),
      queue: count(0, 100_000)
        .default(DEFAULTS.passwordHash.queue)
        .describe(
          'Hashes that may wait in each process; with `--workers`, in each worker. One more is answered 503 with Retry-After.',
        ),
    })
    .prefault({})
    .describe('How passwords are hashed (argon2id, RFC 9106).'),
}

const limits = z
  .strictObject({
    bodyBytes: count(1_024, 16_777_216)
      .default(DEFAULTS.limits.bodyBytes)
      .describe('Largest request body in bytes; a larger one is answered 413.'),
    signIn: z
      .strictObject({
        perAccountAndAddress: count(1, 1_000_000_000)
          .default(DEFAULTS.limits.signIn.perAccountAndAddress)
          .describe('Failed sign-ins for one account from one address within the window; then 429.'),
        perAddress: count(1, 1_000_000_000)
          .default(DEFAULTS.limits.signIn.perAddress)
          .describe('Failed sign-ins from one address within the window; then 429.'),
        windowSeconds: seconds(1, 86_400)
          .default(DEFAULTS.limits.signIn.windowSeconds)
          .describe('The window in seconds.'),
      })
      .prefault({})
      .describe('Throttling of failed sign-ins. A success never counts.'),
  })
  .prefault({})
  .describe('Limits on what comes in.')

const upkeep = {
  keys: z
    .strictObject({
      rotateSeconds: seconds(3_600, 10 * year)
        .default(DEFAULTS.keys.rotateSeconds)
        .describe('Seconds after which the next signing key takes over.'),
      jwksMaxAgeSeconds: seconds(0, 86_400)
        .default(DEFAULTS.keys.jwksMaxAgeSeconds)
        .describe(
          'Cache-Control max-age of the JWK set in seconds; a new key is in it this long before it signs.',
        ),
    })
    .prefault({})
    .describe('Signing keys (RFC 7517).'),
  sweep: z
    .strictObject({
      intervalSeconds: seconds(1, 86_400)
        .default(DEFAULTS.sweep.intervalSeconds)
        .describe('Seconds between two removals of expired rows.'),
      batch: count(1, 100_000)
        .default(DEFAULTS.sweep.batch)
        .describe(
          'Most rows of a table that are removed at a time; it takes fewer where requests would wait too long.',
        ),
    })
    .prefault({})
    .describe('Removal of expired rows.'),
}

const people = {
  registration: z
    .enum(['open', 'closed'])
    .default(DEFAULTS.registration)
    .describe('Whether a first sign-in with another provider makes an account, or only an operator does.'),
  providers: providersSetting
    .default([...DEFAULTS.providers])
    .describe('Providers that people can sign in with: see [providers](#providers).'),
}

/** Every setting, its unit, default and section. An unknown key is refused by name. */
export const configSchema = z.strictObject({
  issuer: z
    .string()
    .superRefine((issuer, context) => {
      const problem = issuerProblem(issuer)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })
    .describe(
      'The issuer identifier: https, or http on a loopback host (RFC 8414 §2). All URLs come from it.',
    ),
  branding,
  ...lifetimes,
  ...people,
  ...passwords,
  limits,
  ...upkeep,
  trustProxy: z
    .array(z.string())
    .default([...DEFAULTS.trustProxy])
    .describe('Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed.'),
  allowPrivateHosts: z
    .array(z.string())
    .default([...DEFAULTS.allowPrivateHosts])
    .describe('host:port pairs on private addresses that outgoing calls may reach.'),
})

/** Settings as they come in. */
export type ConfigInput = z.input<typeof configSchema>

/** Settings as the server uses them: complete. */
export type Config = z.output<typeof configSchema>
