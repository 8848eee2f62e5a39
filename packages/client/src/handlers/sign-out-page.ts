import type { Session } from '../session/session.ts'
import type { ClientDeps } from './deps.ts'
import { type Incoming, pathOf, type Reply } from './incoming.ts'
import { escapeHtml, pageReply } from './page.ts'

/** Asks the person whether to sign out: the link may have come from anywhere. */
export function signOutPage({ target }: Incoming, { user }: Session, { settings, paths }: ClientDeps): Reply {
  const who = user.email ?? user.name
  const signedIn = who === null ? 'You are signed in.' : `You are signed in as ${who}.`
  const body = `<p class="wrap">${escapeHtml(signedIn)}</p>
<form class="actions" method="post" action="${escapeHtml(pathOf(target))}">
<button class="button" name="decision" value="logout">Sign out</button>
<a class="button quiet" href="${escapeHtml(settings.afterSignIn)}">Stay signed in</a>
</form>`
  return pageReply(
    { title: 'Do you want to sign out?', body, style: paths.style },
    // Without an origin the form would not be told from another site's, by browsers that say nothing else.
    { status: 200, cookies: [], formAction: formAction(settings), referrerPolicy: 'same-origin' },
  )
}

/** The form is answered by the way to the provider's own sign-out, which may lead over several addresses there. */
function formAction({ loopback, allowPrivateHosts }: ClientDeps['settings']): string {
  const local = loopback ? ['http://localhost:*', 'http://127.0.0.1:*'] : []
  return ["'self'", 'https:', ...local, ...allowPrivateHosts.map((host) => `http://${host}`)].join(' ')
}
