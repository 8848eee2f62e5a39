export { decodeBase64url, encodeBase64url } from './base64url.ts'
export { generateSigningJwk, generateSigningJwkAsync } from './generate.ts'
export {
  constantTimeEqual,
  hkdfSha256,
  hmacSha256,
  leftHalfHash,
  type Sha256,
  sha256,
  type TokenHash,
} from './hash.ts'
export {
  importPrivateJwk,
  importPublicJwk,
  type SigningKey,
  type VerificationKey,
  verificationKey,
} from './import-jwk.ts'
export {
  algsOfJwk,
  jwkThumbprint,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  parsePublicJwk,
  publicJwk,
  SIGNING_ALGS,
  type SigningAlg,
} from './jwk.ts'
export { openByKeystream, sealByKeystream } from './keystream.ts'
export { isEs256PrivatePem } from './private-pem.ts'
export { randomToken } from './random.ts'
export { openAesGcm, sealAesGcm } from './seal.ts'
export { signBytes, verifyBytes } from './signature.ts'
export { timedToken, tokenHash } from './timed-token.ts'
