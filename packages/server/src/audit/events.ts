import type { OAuthErrorCode, Reason } from '@doorward/core'

/** What Doorward puts on record, and what each name means. Names are stable: detectors and exports use them. */
const AUDIT_EVENTS = {
  'server.started': 'The server answers requests.',
  'server.stopped': 'The server has drained and closed.',
  'sign_in.succeeded': 'A person proved who they are.',
  'sign_in.failed': 'A sign-in was refused; the reason says why.',
  'sign_in.throttled': 'A sign-in was refused unread, because too many before it failed.',
  'session.started': 'A session was opened.',
  'session.renewed': 'The person of a session proved again who they are.',
  'session.ended': 'A session was ended, with its access tokens and the refresh tokens bound to it.',
  'consent.granted': 'A person allowed an app what it asked for.',
  'consent.denied': 'A person refused an app what it asked for.',
  'authorization.granted': 'An authorization code was issued.',
  'authorization.refused': 'An authorization request was refused.',
  'code.replayed': 'An authorization code came a second time; what its first use minted is revoked.',
  'token.issued': 'A token request was answered with tokens.',
  'token.refused': 'A token request was refused.',
  'token.revoked': 'A client revoked a token.',
  'refresh.reused': 'A rotated refresh token came again after its grace; its family is revoked.',
  'client_authentication.failed': 'A client did not prove who it is.',
  'request.refused': 'A request to another endpoint was refused.',
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
  fault: 'Something failed inside the server.',
} as const satisfies Record<string, string>

export type AuditEventName = keyof typeof AUDIT_EVENTS

/**
 * One thing that happened. A closed record of typed fields, so that nothing secret has a place in it: ids are
 * public ones (never a cookie's, a code's or a token's), and nobody's typed text is among them.
 */
export type AuditEvent = {
  readonly event: AuditEventName
  /** The stable cause code of a refusal. */
  readonly reason?: Reason | undefined
  /** The error code answered, where the reason leaves it open. */
  readonly error?: OAuthErrorCode | undefined
  readonly clientId?: string | null | undefined
  readonly userId?: string | null | undefined
  readonly sid?: string | null | undefined
  readonly familyId?: string | null | undefined
  /** The audience of a token, or the resource that was changed. */
  readonly resource?: string | null | undefined
  readonly grantType?: string | null | undefined
  readonly role?: string | null | undefined
  readonly kid?: string | null | undefined
  readonly ip?: string | null | undefined
  /** The short request id that error pages show. */
  readonly reference?: string | null | undefined
}
