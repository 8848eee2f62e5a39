import { requireToken } from '@doorward/guard/hono'
import { localSettings } from '../../local-settings.ts'
import type { Api } from './api.ts'
import { serveHono } from './hono-app.ts'

const { issuer, audience, scope } = localSettings<Api>()
serveHono([requireToken({ issuer, audience, scope })], (c) => c.get('auth').claims.email)
