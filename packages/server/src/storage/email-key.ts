/** What two e-mail addresses are compared by: NFC, lower-cased. Nothing else is folded (no dots, no plus). */
export function emailKey(email: string): string {
  // Lower-casing can leave a text that is no longer in NFC.
  return email.normalize('NFC').toLowerCase().normalize('NFC')
}
