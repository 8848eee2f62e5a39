export { leftHalfHash } from '../crypto/hash.ts'
export { JWT_ERRORS, JwtError, type JwtErrorCode } from '../jwt-error.ts'
export {
  ACCESS_TOKEN_TYP,
  type AccessTokenClaims,
  type AccessTokenInput,
  accessTokenClaims,
  parseAccessTokenClaims,
} from './access-token.ts'
export { type ClaimRules, checkClaims } from './check-claims.ts'
export { ID_TOKEN_TYP, type IdTokenInput, idTokenClaims } from './id-token.ts'
export { LOGOUT_TOKEN_TYP, type LogoutTokenInput, logoutTokenClaims } from './logout-token.ts'
export { type JwtHeader, type ParsedJwt, parseJwt } from './parse.ts'
export { signJwt } from './sign.ts'
export type { JsonObject } from './strict-json.ts'
export { userClaims } from './user-claims.ts'
export {
  checkTyp,
  findSigner,
  type VerifiedJwt,
  type VerifyRules,
  verifyJwt,
  verifySignature,
} from './verify.ts'
