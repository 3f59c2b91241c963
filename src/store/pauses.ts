/** The pause and the freezes, for whoever asks. The commit that they forbid looks again: see holds.ts. */

import { personId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { Freeze, Pause } from '../recovery/model/pause.ts'
import type { Holds } from './holds.ts'

export function pauseIn({ pause }: Holds): Pause | undefined {
  if (pause === null) return undefined
  const { since, by_person, reason } = pause
  return {
    since: new Date(since),
    ...(by_person === null ? {} : { by: personId(by_person) }),
    reason,
  }
}

export function freezeIn(
  { freezes }: Holds,
  { userPoolId, sub }: Pick<AccountRef, 'userPoolId' | 'sub'>,
  at: Date,
): Freeze | undefined {
  const row = freezes.find(
    (each) => each.user_pool_id === userPoolId && each.sub === sub && each.until > at.getTime(),
  )
  return (
    row && { account: { userPoolId, sub }, until: new Date(row.until), request: row.request_id }
  )
}
