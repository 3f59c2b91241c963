/** What stops every recovery, or those of one account, whatever has been approved. */

import type { PersonId, RequestId } from '../../ids.ts'
import type { AccountRef } from './account.ts'
import type { RecoveryRequest } from './request.ts'

/** Nothing is executed from then on, until somebody lets it go on. Requests are opened and decided as ever. */
export interface Pause {
  readonly since: Date
  /** Absent when Rekey stopped by itself. */
  readonly by?: PersonId
  readonly reason: string
}

/** The account's owner says that somebody else is at work: it can't be recovered until then. */
export interface Freeze {
  readonly account: Pick<AccountRef, 'userPoolId' | 'sub'>
  readonly until: Date
  readonly request: RequestId
}

/** What stands in the way of any recovery of the account. */
export interface PauseState {
  readonly isPaused: boolean
  readonly isFrozen: boolean
}

/** Whether the pause is in the way of this request, which it is not once nothing is left to carry out. */
export function waitsForPause({ state }: RecoveryRequest): boolean {
  return state === 'pending' || state === 'approved' || state === 'executing'
}
