/** Which entries the audit channel hears of, and which call somebody. */

import type { EntryBody } from './entry.ts'
import type { EntryType } from './entry-data.ts'
import { readData } from './recorded-entry.ts'
import { isRefusal } from './refusals.ts'

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
  // Said on the card. That the owner was not told is posted.
  'owner.told',
])

/** Whether an entry is posted in the audit channel. The ledger holds it in any case. */
export function isPublic(entry: Pick<EntryBody, 'type' | 'data'>): boolean {
  // Nothing but a refusal can be hushed by what it says of itself.
  return !quiet.has(entry.type) && !(isRefusal(entry) && readData(entry).posted === false)
}

const alarming: ReadonlySet<EntryType> = new Set([
  'rekey.sealed',
  'request.altered',
  'request.stopped',
  'policy.changed',
  'policy.refused',
  'group.changed',
  'channel.shared',
  'recovery.paused',
  'recovery.resumed',
  'owner.reported',
  'recovery.misused',
  'effect.duplicate',
  'address.changed',
  'freeze.lifted',
  'requests.repeated',
  'limit.cleared',
  'request.stuck',
  'post.missing',
  'post.altered',
  'audit.behind',
  'witness.disagrees',
  'witness.silent',
  'checkpoint.stray',
  'checkpoint.withheld',
])

/** Whether security is called when such an entry is written. */
export function isAlarming(entry: Pick<EntryBody, 'type' | 'data'>): boolean {
  return alarming.has(entry.type) && !goesOn(entry)
}

/** A crowd is named in many entries, and security called with the first of them, which counts it. */
function goesOn(entry: Pick<EntryBody, 'type' | 'data'>): boolean {
  return (
    entry.type === 'group.changed' && readData({ ...entry, type: entry.type }).continues === true
  )
}
