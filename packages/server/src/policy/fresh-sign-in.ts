/** Who changes the ways into an account has proved within so many seconds who they are. */
const FRESH_SECONDS = 300

/** True where the last proof is recent enough for that. Times are integer seconds. */
export function isFresh({ authTime }: { readonly authTime: number }, now: number): boolean {
  return now - authTime <= FRESH_SECONDS
}
