/** How much of everything there is; all other numbers follow. */
export type Scale = {
  readonly users: number
  /** Families of refresh tokens a user has, one after the other, all by the user's one session. */
  readonly familiesPerUser: number
  /** Refresh tokens a family has: each rotated into the next, the last one not. */
  readonly tokensPerFamily: number
  /** The share of the tokens that lives: the youngest. What is older has expired, and nothing has swept it. */
  readonly liveShare: number
}

/** Whose tokens they are and for what, and the second in which all this is so. */
export type Setting = { readonly clientId: string; readonly issuer: string; readonly now: number }

/** How the database writes what SQL leaves open. */
export type Dialect = {
  /** SHA-256 of a text, in base64url. */
  readonly sha256: (text: string) => string
  /** A time as tokens of the server begin with it: eight hexadecimal digits of the second, three of the millisecond. */
  readonly time: (second: string, millisecond: string) => string
}

/** The rows of a table: one for each whole number `i` from `first` on, its columns as SQL over `i`. */
export type Rows = {
  readonly table: string
  readonly first: number
  readonly count: number
  readonly columns: Readonly<Record<string, string>>
}

const DAY = 86_400
const IDLE = 30 * DAY
/** For so long what lives in a store goes on living: a kept one can be measured again. */
export const USABLE_SECONDS = 7 * DAY
/** Codes for a load to use up are as if so many had been made a second. */
const CODES_PER_SECOND = 2_000
/** Coprime to round numbers of users: it visits every one of them, and never two neighbours in a row. */
const STRIDE = 7919

/** What proves every code (RFC 7636 §4.1). */
export const CODE_VERIFIER = 'growth-verifier'.padEnd(43, '-')

/** The refresh token whose hash is in row `i`: in the server's own form, behind the time of its making. */
export function tokenText(i: number, scale: Scale, { now }: Pick<Setting, 'now'>): string {
  const { span, tokens } = timeline(scale)
  return timeOf(now - span + Math.floor((span * i) / tokens), 0) + `growth-token-${i}`.padEnd(43, '-')
}

/** The code whose hash is the one at place `at` of the `liveCodes` from `first` on. */
export function codeText(first: number, at: number, { now }: Pick<Setting, 'now'>): string {
  const millisecond = Math.floor((at * 1000) / CODES_PER_SECOND)
  const made = timeOf(now + Math.floor(millisecond / 1000), millisecond % 1000)
  return made + `growth-code-${first + at}`.padEnd(43, '-')
}

/** How many of the refresh tokens expire before a second. */
export function tokensExpiredBefore(second: number, scale: Scale, { now }: Pick<Setting, 'now'>): number {
  const { span, tokens } = timeline(scale)
  return Math.round(((second - IDLE - (now - span)) * tokens) / span)
}

/** The session cookie whose hash is in row `i`. */
export const cookieText = (i: number): string => `growth-cookie-${i}`.padEnd(43, '-')

const timeOf = (second: number, millisecond: number): string =>
  second.toString(16).padStart(8, '0') + String(millisecond).padStart(3, '0')

type Range = { readonly first: number; readonly step: number; readonly count: number }

/** The refresh tokens that can be used: unexpired, and not rotated yet. */
export function liveTokens({ users, familiesPerUser, tokensPerFamily: step, liveShare }: Scale): Range {
  const families = users * familiesPerUser
  const count = Math.floor(families * liveShare)
  return { first: (families - count) * step + step - 1, step, count }
}

/** The sessions that live: those of the users whose last family lives. */
export function liveSessions({ users, familiesPerUser, liveShare }: Scale): Range {
  const count = Math.floor(users * Math.min(1, familiesPerUser * liveShare))
  return { first: users - count, step: 1, count }
}

/** Every table's rows, in an order in which they can be filled. */
export function population(scale: Scale, setting: Setting, dialect: Dialect): readonly Rows[] {
  const sql = expressions(scale, setting, dialect)
  const { users, familiesPerUser, tokensPerFamily } = scale
  const families = users * familiesPerUser
  return [
    rows('users', users, userColumns(sql)),
    rows('sessions', users, sessionColumns(sql)),
    rows('consents', users * 2, {
      user_id: sql.userOfSession('i / 2'),
      client_id: `'${setting.clientId}'`,
      resource: `'${setting.issuer}'`,
      scope: `CASE i % 2 WHEN 0 THEN 'read' ELSE 'offline_access' END`,
      granted_at: sql.sessionSeen('i / 2'),
    }),
    rows('codes', liveSessions(scale).first, {
      ...codeColumns(sql, 'i'),
      hash: sql.storedHash(sql.time(sql.sessionSeen('i'), '0'), 'code', 'i'),
      created_at: sql.sessionSeen('i'),
      expires_at: `${sql.sessionSeen('i')} + 60`,
      consumed_at: `${sql.sessionSeen('i')} + 1`,
      family_id: sql.familyId('i'),
    }),
    rows('families', families, familyColumns(sql, scale)),
    rows('refresh_tokens', families * tokensPerFamily, tokenColumns(sql, scale)),
  ]
}

/** Codes that can be redeemed for a day, of live sessions in turn: more than ever wait at once, for a load to use up. */
export function liveCodes(
  scale: Scale,
  setting: Setting,
  dialect: Dialect,
  range: Omit<Range, 'step'>,
): Rows {
  const sql = expressions(scale, setting, dialect)
  const live = liveSessions(scale)
  const step = Math.max(1, Math.floor(live.count / range.count))
  const at = `(i - ${range.first})`
  const session = `${live.first} + ${at} * ${step} % ${live.count}`
  const millisecond = `(${at} * 1000 / ${CODES_PER_SECOND})`
  const made = dialect.time(`${setting.now} + ${millisecond} / 1000`, `${millisecond} % 1000`)
  return {
    table: 'codes',
    ...range,
    columns: {
      ...codeColumns(sql, session),
      hash: sql.storedHash(made, 'code', 'i'),
      code_challenge: dialect.sha256(`'${CODE_VERIFIER}'`),
      created_at: `${setting.now}`,
      expires_at: `${setting.now + DAY}`,
      consumed_at: 'NULL',
      family_id: `${made} || ${sql.id('named', 'i', 12)}`,
    },
  }
}

const rows = (table: string, count: number, columns: Rows['columns']): Rows => ({
  table,
  first: 0,
  count,
  columns,
})

type Expressions = ReturnType<typeof expressions>

/** Parts of rows as SQL, from the number of a user, a session, a family or a token. */
function expressions(scale: Scale, { clientId, issuer, now }: Setting, { sha256, time }: Dialect) {
  const id = (kind: string, n: string, length: number) =>
    `substr(${sha256(`'${kind}-' || (${n})`)}, 1, ${length})`
  const { span, tokens } = timeline(scale)
  const live = liveSessions(scale)
  const padded = (text: string) => `substr(${text} || '${'-'.repeat(43)}', 1, 43)`
  const tokenCreated = (token: string) => `(${now - span} + ${span} * (${token}) / ${tokens})`
  const details = {
    scopes: ['read', 'offline_access'],
    resources: [issuer],
    claims: { userinfo: [], idToken: [] },
    authTime: now - 3600,
    acr: 'aal1',
    amr: ['pwd'],
  }
  return {
    id,
    now,
    time,
    grant: { client_id: `'${clientId}'`, details: `'${JSON.stringify(details)}'` },
    userId: (user: string) => `'u_' || ${id('user', user, 22)}`,
    /** Sessions follow each other in time, their users do not. */
    userOfSession: (session: string) =>
      `'u_' || ${id('user', `(${session}) * ${STRIDE} % ${scale.users}`, 22)}`,
    sid: (session: string) => id('session', session, 22),
    /** As the server makes them: behind the time of the family's first token. */
    familyId: (family: string) =>
      `${time(tokenCreated(`(${family}) * ${scale.tokensPerFamily}`), '0')} || ${id('family', family, 12)}`,
    tokenCreated,
    cookieHash: (session: string) => sha256(padded(`'growth-cookie-' || ${session}`)),
    /** What the server stores of a code or refresh token that was made at that time. */
    storedHash: (made: string, kind: 'code' | 'token', n: string) =>
      `${made} || ${sha256(`${made} || ${padded(`'growth-${kind}-' || ${n}`)}`)}`,
    /** Live sessions were used within the last hour, others long ago. */
    sessionSeen: (session: string) =>
      `(CASE WHEN ${session} < ${live.first} THEN ${now - 300 * DAY} + ${270 * DAY} * (${session}) / ${scale.users}
       ELSE ${now - 3600} + 3600 * (${session} - ${live.first}) / ${live.count} END)`,
  }
}

/** Tokens follow each other evenly through so many seconds; those that live go on for at least {@link USABLE_SECONDS}. */
function timeline({ users, familiesPerUser, tokensPerFamily, liveShare }: Scale) {
  return {
    span: Math.floor((IDLE - USABLE_SECONDS) / liveShare),
    tokens: users * familiesPerUser * tokensPerFamily,
  }
}

const userColumns = ({ id, now, userId }: Expressions): Rows['columns'] => ({
  id: userId('i'),
  email: `'user-' || i || '@growth.example'`,
  email_key: `'user-' || i || '@growth.example'`,
  email_verified: '1',
  password_hash: `'$argon2id$v=19$m=19456,t=2,p=1$' || ${id('salt', 'i', 22)} || '$' || ${id('password', 'i', 43)}`,
  claims: `'{"name":"User ' || i || '","locale":"en-GB"}'`,
  generation: '0',
  disabled_at: 'NULL',
  created_at: `${now - 320 * DAY}`,
  updated_at: `${now - 320 * DAY}`,
})

const sessionColumns = ({ sid, userOfSession, cookieHash, sessionSeen }: Expressions): Rows['columns'] => ({
  sid: sid('i'),
  id_hash: cookieHash('i'),
  user_id: userOfSession('i'),
  generation: '0',
  auth_time: sessionSeen('i'),
  acr: `'aal1'`,
  amr: `'["pwd"]'`,
  created_at: sessionSeen('i'),
  last_seen_at: sessionSeen('i'),
  // Until used: then the server's own idle time counts.
  idle_expires_at: `${sessionSeen('i')} + ${14 * DAY}`,
  expires_at: `${sessionSeen('i')} + ${14 * DAY}`,
})

const codeColumns = ({ grant, userOfSession, sid, id }: Expressions, session: string): Rows['columns'] => ({
  ...grant,
  user_id: userOfSession(session),
  sid: sid(session),
  offline: '1',
  redirect_uri: `'https://app.example/callback'`,
  code_challenge: id('challenge', 'i', 43),
  nonce: `'n-0S6_WzA2Mj'`,
})

function familyColumns(sql: Expressions, { users, familiesPerUser, tokensPerFamily, liveShare }: Scale) {
  const session = `i % ${users}`
  const created = sql.tokenCreated(`i * ${tokensPerFamily}`)
  const dead = Math.floor(users * familiesPerUser * (1 - liveShare))
  return {
    id: sql.familyId('i'),
    ...sql.grant,
    user_id: sql.userOfSession(session),
    sid: sql.sid(session),
    // Of those that are over, every other one lived by its session; those that live go on without.
    offline: `CASE WHEN i < ${dead} THEN i % 2 ELSE 1 END`,
    generation: '0',
    created_at: created,
    expires_at: `${created} + ${365 * DAY}`,
    revoked_at: 'NULL',
    sweep_at: `${created} + ${365 * DAY}`,
  }
}

function tokenColumns(sql: Expressions, { tokensPerFamily }: Scale): Rows['columns'] {
  const created = sql.tokenCreated('i')
  const unlessLast = (value: string) =>
    `CASE WHEN i % ${tokensPerFamily} = ${tokensPerFamily - 1} THEN NULL ELSE ${value} END`
  return {
    hash: sql.storedHash(sql.time(created, '0'), 'token', 'i'),
    family_id: sql.familyId(`i / ${tokensPerFamily}`),
    created_at: created,
    expires_at: `${created} + ${IDLE}`,
    rotated_at: unlessLast(sql.tokenCreated('i + 1')),
    // As long as one that can be opened: sealing ten million says no more about a store's size.
    successor_sealed: unlessLast(`'${'s'.repeat(94)}'`),
    successor_scopes: unlessLast(`'["read","offline_access"]'`),
  }
}
