/** Which entries the audit channel hears of, and which call somebody. */

import type { EntryType } from './entry.ts'

const quiet: ReadonlySet<EntryType> = new Set([
  // Looking changes nothing, and happens before anybody has decided to ask.
  'account.looked-up',
  // An approver reads; what they decide is posted.
  'approval.opened',
  // Steps on the way to an outcome that is posted when it is known.
  'effect.intended',
  'effect.not-applied',
  'effect.looked',
  'secret.revealing',
  'secret.released',
  // Said in the card's own thread.
  'request.reminded',
])

/** Whether an entry of this type is posted in the audit channel. The ledger holds every one. */
export function isPublic(type: EntryType): boolean {
  return !quiet.has(type)
}

const alarming: ReadonlySet<EntryType> = new Set([
  'policy.changed',
  'policy.refused',
  'channel.shared',
  'recovery.paused',
  'recovery.resumed',
  'owner.reported',
  'effect.duplicate',
  'freeze.lifted',
  'request.stuck',
  'post.missing',
  'post.altered',
])

/** Whether security is called when such an entry is written. */
export function isAlarming(type: EntryType): boolean {
  return alarming.has(type)
}
