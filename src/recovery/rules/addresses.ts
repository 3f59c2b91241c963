/** Whether an account can still be reached where it could be, and what follows where it can not. */

import type { Account, Addresses } from '../model/account.ts'
import type { Moved } from '../model/decision.ts'
import { advance, entryFor, moved, rekey, tellAll } from '../model/drafts.ts'
import type { Effect } from '../model/effect.ts'
import { isDone, type RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'

/**
 * Whether two readings of an account show other addresses, or others that are verified. Where one of them
 * has no digest, or one of another key, the masked ones are all there is to compare.
 */
export function addressesDiffer(before: Addresses, now: Addresses): boolean {
  return (
    (areComparable(before, now) && before.addresses !== now.addresses) ||
    inWords(before) !== inWords(now)
  )
}

function areComparable(one: Addresses, other: Addresses): boolean {
  const [key, otherKey] = [one, other].map(({ addresses }) => addresses?.split(':')[0])
  return key !== undefined && key === otherKey
}

function inWords({ contacts }: Addresses): string {
  return JSON.stringify(contacts.map(({ kind, masked, verified }) => [kind, masked, verified]))
}

/**
 * What follows when the account is looked at after something was sent: nothing, or security is called, once.
 * What was sent is not taken back by that; a reader has to act.
 */
export function checkAddresses(
  request: RecoveryRequest,
  effect: Effect,
  account: Account,
  { policy, now }: Terms,
): Moved<RecoveryRequest> | undefined {
  if (request.addressChanged) return undefined
  const sentElsewhere = isDone(request) && request.sentElsewhere === true
  if (!sentElsewhere && !addressesDiffer(request.seen, account)) return undefined
  const next: RecoveryRequest = advance(request, { addressChanged: true as const })
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'address.changed',
      effect: effect.id,
      deed: effect.kind,
      because: sentElsewhere ? 'sent-elsewhere' : 'account-changed',
    }),
    tellAll(next, now),
  )
}
