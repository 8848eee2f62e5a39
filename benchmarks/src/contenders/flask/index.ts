import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { processTree } from '../../measure/cpu-time.ts'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { startServerProcess } from '../server-process.ts'
import { requestOnce } from '../verify-token.ts'

/** Debian's own, which its packages of Flask, PyJWT and gunicorn are for. */
const PYTHON = '/usr/bin/python3'
const FOLDER = fileURLToPath(new URL('.', import.meta.url))

const SETUP = 'Flask, PyJWT with HS256 and gunicorn of Debian, one sync worker, which closes each connection'

/** The route of the first tutorial that opens for a token. */
export const flaskProtected: Contender = {
  name: 'Flask + PyJWT',
  kind: 'peer',
  note: `${SETUP}. Ours checks ES256, and issuer, audience, type and scope besides.`,
  version: flaskVersion,
  missing: missingPackages,
  start: (cpu) => startFlask(cpu, protectedLoad),
}

/** The login of the first tutorial. */
export const flaskLogin: Contender = {
  name: 'Flask + PyJWT',
  kind: 'peer',
  note: `${SETUP}. It compares the password as it is: no hash, no session, no throttle, no log.`,
  version: flaskVersion,
  missing: missingPackages,
  start: (cpu) => startFlask(cpu, async (login) => login),
}

function flaskVersion(): string {
  if (missingPackages() !== null) return 'not installed'
  const program = "from importlib.metadata import version as v; print(v('flask'), v('pyjwt'), v('gunicorn'))"
  return execFileSync(PYTHON, ['-c', program], { encoding: 'utf8' }).trim().split(' ').join(' + ')
}

function missingPackages(): string | null {
  try {
    execFileSync(PYTHON, ['-c', 'import flask, jwt, gunicorn'], { stdio: 'ignore' })
    return null
  } catch {
    return 'needs Debian’s packages: apt-get install python3-flask python3-jwt gunicorn'
  }
}

async function startFlask(cpu: number, loadFrom: (login: PlainLoad) => Promise<PlainLoad>): Promise<Running> {
  const person = { email: 'user@example.com', password: randomBytes(12).toString('base64url') }
  const { pid, match, stop } = await startServerProcess({
    command: [PYTHON, '-m', 'gunicorn', '--workers', '1', '--bind', '127.0.0.1:0', 'app:app'],
    cpu,
    cwd: FOLDER,
    env: {
      BENCH_SECRET: randomBytes(32).toString('hex'),
      BENCH_EMAIL: person.email,
      BENCH_PASSWORD: person.password,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    ready: /Listening at: (http:\/\/127\.0\.0\.1:\d+)[\s\S]*Booting worker/,
  })
  const url = String(match[1])
  const login: PlainLoad = {
    url: `${url}/login`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(person),
  }
  const load = await loadFrom(login)
  const verify = () => checkFlask(url, login)
  // A worker that was stopped for half a minute is replaced by its master.
  return { pids: processTree(pid), load, verify, stop }
}

async function protectedLoad(login: PlainLoad): Promise<PlainLoad> {
  const { token } = await requestOnce(login)
  return {
    url: login.url.replace(/login$/, 'protected'),
    method: 'GET',
    headers: { Authorization: `Bearer ${token}` },
  }
}

/** Throws unless the login answers a token that opens the route, which nothing else does. */
async function checkFlask(url: string, login: PlainLoad): Promise<void> {
  const { token } = await requestOnce(login)
  const { message } = await requestOnce(await protectedLoad(login))
  if (message !== 'Hello, user@example.com!') throw new Error(`GET /protected answers ${message}`)
  const refused = await Promise.all([
    fetch(`${url}/protected`),
    fetch(`${url}/protected`, { headers: { Authorization: `Bearer ${String(token).slice(0, -4)}AAAA` } }),
    fetch(`${url}/login`, { ...login, body: '{"email":"user@example.com","password":"wrong"}' }),
  ])
  const passed = refused.filter(({ status }) => status !== 401)
  if (passed.length > 0) throw new Error(`something wrong is answered ${passed.map(({ status }) => status)}`)
}
