/** What is committed together with an entry that belongs to no decision on a request. */

import type { Transaction } from 'kysely'
import type { CommitExtras, PauseStart } from '../recovery/ports/store.ts'
import { beginning, ending, firstNoting, type HoldsChange, noting, unfreezing } from './holds.ts'
import { giveBack, takeLimits } from './limits.ts'
import { saveOwnerTold } from './owner-told.ts'
import { keepPolicy } from './policies.ts'
import { dropPost } from './posts.ts'
import type { Seals } from './seals.ts'
import type { Tables } from './tables.ts'

/** @returns false when there is still something left of what has to be used up */
export async function applyExtras(
  trx: Transaction<Tables>,
  seals: Seals,
  extras: CommitExtras,
  at: Date,
): Promise<boolean> {
  switch (extras.kind) {
    case undefined:
    case 'unfreeze':
    case 'group':
      return true
    case 'pause':
      return isStillUsedUp(trx, extras, at)
    case 'resume':
    case 'clear-limit':
      await giveBack(trx, extras.forget)
      return true
    case 'adopt-policy':
      await keepPolicy(trx, extras.policy)
      return true
    case 'post-lost':
      await dropPost(trx, extras.post)
      return true
    case 'owner-told':
      await saveOwnerTold(trx, seals, extras)
      return true
    default:
      return extras satisfies never
  }
}

/** What is changed under the head's lock, whose seal covers it. */
export function holdsChange(extras: CommitExtras): HoldsChange | undefined {
  if (extras.kind === 'pause') return beginning(extras.pause, extras.evenIfPaused)
  if (extras.kind === 'resume') return ending(extras.pause)
  if (extras.kind === 'unfreeze') return unfreezing(extras.freeze)
  if (extras.kind === 'group') return noting(extras.memory)
  return extras.kind === 'adopt-policy' ? firstNoting(extras.firstSeen ?? []) : undefined
}

async function isStillUsedUp(
  trx: Transaction<Tables>,
  { ifUsedUp }: PauseStart,
  at: Date,
): Promise<boolean> {
  // If there is some left, what this takes is given back with the transaction.
  return ifUsedUp === undefined || (await takeLimits(trx, [ifUsedUp], at)) !== undefined
}
