import { type AuthResult, auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import { localSettings } from '../../local-settings.ts'
import type { Api } from './api.ts'
import { serveExpress } from './express-app.ts'

const { issuer, audience, scope } = localSettings<Api>()
// `strict` asks for a token of RFC 9068, its `typ` first of all, as Doorward's guard always does.
const bearer = auth({ issuerBaseURL: issuer, audience, tokenSigningAlg: 'ES256', strict: true })
serveExpress(
  [bearer, requiredScopes(scope)],
  (request) => (request.auth as AuthResult | undefined)?.payload.email,
)
