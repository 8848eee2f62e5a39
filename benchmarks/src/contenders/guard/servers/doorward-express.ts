import { requireToken } from '@doorward/guard/express'
import { localSettings } from '../../local-settings.ts'
import type { Api } from './api.ts'
import { serveExpress } from './express-app.ts'

const { issuer, audience, scope } = localSettings<Api>()
serveExpress([requireToken({ issuer, audience, scope })], ({ auth }) => auth?.claims.email)
