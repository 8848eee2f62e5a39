import { requireToken } from '@doorward/guard/fastify'
import { fastify } from 'fastify'
import { localSettings } from '../../local-settings.ts'
import type { Api } from './api.ts'
import { serveFastify } from './fastify-app.ts'

const { issuer, audience, scope } = localSettings<Api>()
await serveFastify(fastify(), requireToken({ issuer, audience, scope }), ({ auth }) => auth?.claims.email)
