import type { OAuthErrorCode, Reason } from '@doorward/core'

/**
 * What Doorward puts on record, and when. Names are stable: detectors and exports use them. The reference of
 * events is generated from this table, so an event cannot lack its explanation.
 */
export const AUDIT_EVENTS = {
  'server.started': 'The server answers requests.',
  'server.stopped': 'The server has drained and closed.',
  'server.cut_off':
    'The server was to end, and `what` was still under way when its time was over: connections, jobs or the database.',
  'worker.ended':
    'One of several processes (`start --workers`) ended unasked, and another takes its place; or it ended badly with the others.',
  'sign_in.succeeded': 'A person proved who they are, with e-mail and password.',
  'sign_in.failed': 'E-mail and password were refused; the reason says why, which the answer does not.',
  'sign_in.throttled': 'E-mail and password were refused unread, because too many before them failed.',
  'session.started': 'A session was opened.',
  'session.renewed': 'The person of a session proved again who they are.',
  'session.ended': 'A session was ended, with its access tokens and the refresh tokens bound to it.',
  'consent.granted': 'A person allowed an app what it asked for.',
  'consent.denied': 'A person refused an app what it asked for.',
  'authorization.granted': 'An authorization code was issued.',
  'authorization.refused': 'An authorization request was refused, and its app was told.',
  'code.replayed': 'An authorization code came a second time; what its first use minted is revoked.',
  'token.issued': 'A token request, or a call of auth.signIn, was answered with tokens.',
  'token.refused':
    'A token request, or a call of auth.signIn, was refused. A wrong e-mail or password is sign_in.failed.',
  'token.revoked': 'A client revoked a token.',
  'refresh.reused': 'A rotated refresh token came again after its grace; its family is revoked.',
  'client_authentication.failed': 'A client did not prove who it is.',
  'request.refused':
    'A request to introspection, revocation or logout was refused, or one to authorize before anything was proven.',
  'logout.delivered': 'A client was told of a logout (Back-Channel Logout §2.5).',
  'logout.undelivered': 'A client could not be told of a logout; it is tried again, or given up.',
  'user.created': 'An account was made.',
  'user.password_set': 'A password was set from outside the account; its sessions and tokens ended.',
  'user.disabled': 'An account was disabled; its sessions and tokens ended.',
  'user.enabled': 'An account was enabled again.',
  'user.deleted': 'An account was deleted with all that belonged to it.',
  'client.created': 'A client was registered.',
  'client.secret_rotated': 'A client was given a new secret.',
  'client.deleted': 'A client was deleted; its tokens are revoked.',
  'resource.created': 'A resource was registered.',
  'resource.deleted': 'A resource was deleted.',
  'role.changed': 'A role was created, or what it allows or who holds it changed.',
  'key.created': 'A signing key was made.',
  'key.retired': 'A signing key stopped to sign.',
  'key.compromised': 'A signing key was taken away at once.',
  'log.dropped': 'Whoever reads the log had stalled; so many lines were lost.',
  fault: 'Something failed inside the server.',
} as const satisfies Record<string, string>

/** The name of an event on record. */
export type AuditEventName = keyof typeof AUDIT_EVENTS

/** The events that stand out, written as warnings: refusals and what may be an attack. */
export const AUDIT_WARNINGS: ReadonlySet<string> = new Set<AuditEventName>([
  'sign_in.failed',
  'sign_in.throttled',
  'authorization.refused',
  'client_authentication.failed',
  'code.replayed',
  'refresh.reused',
  'token.refused',
  'request.refused',
  'logout.undelivered',
  'key.compromised',
  'worker.ended',
  'server.cut_off',
])

/**
 * The fields that a line may have, and what each holds. A closed list, so that nothing secret has a place in it:
 * ids are public ones (never a cookie's, a code's or a token's), and nobody's typed text is among them.
 */
export const AUDIT_FIELDS = {
  event: 'What happened.',
  reason: 'The stable cause code of a refusal.',
  error: 'The error code that was answered.',
  clientId: 'The client that asked, or that it is about.',
  userId: 'The account, as tokens name it in `sub`.',
  sid: 'The session, as tokens name it in `sid`.',
  familyId: 'The tokens that descend from one authorization.',
  resource: 'The audience of a token, or the resource that was changed.',
  grantType: 'The grant type of a token request.',
  role: 'The role that was changed.',
  kid: 'The signing key, as tokens name it in their header.',
  ip: "The caller's address; behind a trusted proxy, the one that it reports.",
  reference: 'The short id of the request that error pages and JSON errors show.',
  pid: 'The process id of a worker.',
  exit: 'How a worker ended: the signal that killed it, or its exit code.',
  what: 'What was cut off: `connections`, `jobs` or `database`.',
  count: 'How many lines of the log were lost, or connections cut off.',
} as const satisfies Record<keyof AuditEvent, string>

/** One thing that happened; AUDIT_FIELDS says what the fields hold. */
export type AuditEvent = {
  readonly event: AuditEventName
  readonly reason?: Reason | undefined
  readonly error?: OAuthErrorCode | undefined
  readonly clientId?: string | null | undefined
  readonly userId?: string | null | undefined
  readonly sid?: string | null | undefined
  readonly familyId?: string | null | undefined
  readonly resource?: string | null | undefined
  readonly grantType?: string | null | undefined
  readonly role?: string | null | undefined
  readonly kid?: string | null | undefined
  readonly ip?: string | null | undefined
  readonly reference?: string | null | undefined
  readonly pid?: string | undefined
  readonly exit?: string | undefined
  readonly what?: string | undefined
  readonly count?: string | undefined
}
