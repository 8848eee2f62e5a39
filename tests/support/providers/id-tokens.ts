import { createHash, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, type JWK, type JWTPayload, SignJWT } from 'jose'

export type SigningAlgorithm = 'RS256' | 'ES256'

export type ProviderKey = {
  readonly alg: SigningAlgorithm
  readonly kid: string | null
  readonly privateKey: KeyObject
  readonly jwk: JWK
}

/** A fresh key pair, and how a key set shows it; `kid` null leaves the id out of both. */
export const createKey = async (alg: SigningAlgorithm, kid: string | null): Promise<ProviderKey> => {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...(await exportJWK(publicKey)), use: 'sig', alg, ...(kid === null ? {} : { kid }) }
  return { alg, kid, privateKey, jwk }
}

/** What an ID token is made from; a fault changes one part of it. */
export type Draft = {
  readonly claims: JWTPayload
  readonly key: ProviderKey
  readonly clientSecret: string
}

type Change = {
  readonly says: string
  readonly claims?: (claims: JWTPayload) => JWTPayload
  readonly sign?: (draft: Draft) => Promise<string>
}

/** Half of the access token's hash, as OpenID Connect Core §3.1.3.6 has it for the SHA-256 algorithms. */
export const tokenHash = (token: string): string =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')

/** Signs as a provider should. */
export const signIdToken = ({ claims, key }: Draft): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, typ: 'JWT', ...(key.kid === null ? {} : { kid: key.kid }) })
    .sign(key.privateKey)

const without =
  (name: string) =>
  ({ [name]: _, ...rest }: JWTPayload): JWTPayload =>
    rest

const at = (claims: JWTPayload): number => claims.iat ?? 0

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

const spoilt = async (draft: Draft): Promise<string> => {
  const [header, payload, signature = ''] = (await signIdToken(draft)).split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes.writeUInt8(bytes.readUInt8(8) ^ 1, 8)
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

const changed = async (draft: Draft): Promise<string> => {
  const [header, , signature] = (await signIdToken(draft)).split('.')
  return `${header}.${encode({ ...draft.claims, sub: 'somebody-else' })}.${signature}`
}

const byForeignKey = async (draft: Draft): Promise<string> =>
  signIdToken({ ...draft, key: await createKey(draft.key.alg, draft.key.kid) })

const byUnknownKey = async (draft: Draft): Promise<string> =>
  signIdToken({ ...draft, key: await createKey(draft.key.alg, 'a-key-nobody-published') })

const byUnannouncedAlgorithm = async ({ claims, key }: Draft): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'PS256', ...(key.kid === null ? {} : { kid: key.kid }) })
    .sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)

const unsigned = async ({ claims }: Draft): Promise<string> => `${encode({ alg: 'none' })}.${encode(claims)}.`

const bySecret = (secret: (draft: Draft) => string) => (draft: Draft) =>
  new SignJWT(draft.claims)
    .setProtectedHeader({ alg: 'HS256', ...(draft.key.kid === null ? {} : { kid: draft.key.kid }) })
    .sign(createSecretKey(Buffer.from(secret(draft).padEnd(32, ' '))))

const elsewhere = 'https://id.elsewhere.example'

/** What an ID token can have wrong (OpenID Connect Core §3.1.3.7). */
export const idTokenFaults = {
  'id-token-wrong-issuer': {
    says: 'the ID token is of another issuer',
    claims: (claims) => ({ ...claims, iss: elsewhere }),
  },
  'id-token-no-issuer': { says: 'the ID token has no issuer', claims: without('iss') },
  'id-token-wrong-audience': {
    says: 'the ID token is for another client',
    claims: (claims) => ({ ...claims, aud: 'another-client' }),
  },
  'id-token-more-audiences': {
    says: 'the ID token is for another client too, and says not to whom it was given',
    claims: (claims) => ({ ...claims, aud: [String(claims.aud), 'another-client'] }),
  },
  'id-token-wrong-azp': {
    says: 'the ID token was given to another client',
    claims: (claims) => ({ ...claims, azp: 'another-client' }),
  },
  'id-token-wrong-nonce': {
    says: 'the ID token has another nonce',
    claims: (claims) => ({ ...claims, nonce: 'another-nonce' }),
  },
  'id-token-no-nonce': { says: 'the ID token has no nonce', claims: without('nonce') },
  'id-token-no-subject': { says: 'the ID token has no subject', claims: without('sub') },
  'id-token-expired': {
    says: 'the ID token has expired an hour ago',
    claims: (claims) => ({ ...claims, iat: at(claims) - 7200, exp: at(claims) - 3600 }),
  },
  'id-token-no-expiry': { says: 'the ID token does not expire', claims: without('exp') },
  'id-token-future': {
    says: 'the ID token was issued in an hour',
    claims: (claims) => ({
      ...claims,
      iat: at(claims) + 3600,
      nbf: at(claims) + 3600,
      exp: at(claims) + 7200,
    }),
  },
  'id-token-wrong-at-hash': {
    says: 'the ID token belongs to another access token',
    claims: (claims) => ({ ...claims, at_hash: tokenHash('another-access-token') }),
  },
  'id-token-bad-signature': { says: 'one bit of the signature is turned', sign: spoilt },
  'id-token-changed': { says: 'the subject was changed after signing', sign: changed },
  'id-token-foreign-key': { says: "a foreign key signs, with the provider's key id", sign: byForeignKey },
  'id-token-unknown-key': { says: 'a key signs that is not published', sign: byUnknownKey },
  'id-token-other-algorithm': {
    says: 'the ID token has an algorithm that was not announced',
    sign: byUnannouncedAlgorithm,
  },
  'id-token-alg-none': { says: 'nobody signs: alg none', sign: unsigned },
  'id-token-hs256-secret': {
    says: 'the client secret signs, by HS256',
    sign: bySecret(({ clientSecret }) => clientSecret),
  },
  'id-token-hs256-public-key': {
    says: 'the published key is used as an HS256 secret',
    sign: bySecret(({ key }) => JSON.stringify(key.jwk)),
  },
  'id-token-no-jwt': { says: 'the ID token is no JWT', sign: async () => 'no.jwt' },
} as const satisfies Record<string, Change>

export type IdTokenFault = keyof typeof idTokenFaults

const changes: ReadonlyMap<string, Change> = new Map(Object.entries(idTokenFaults))

/** An ID token, wrong in the way that `fault` names if it names one. */
export const issueIdToken = (draft: Draft, fault: string | null): Promise<string> => {
  const change = changes.get(fault ?? '')
  const claims = change?.claims?.(draft.claims) ?? draft.claims
  return (change?.sign ?? signIdToken)({ ...draft, claims })
}
