/**
 * Requests that end without anything having been carried out. They do not use up what their account may be
 * asked for, or one requester could keep it from being recovered; that they come again and again is told.
 */

import type { Change, LimitReturn } from '../model/decision.ts'
import { accountLimitUse, entryFor, rekey } from '../model/drafts.ts'
import type { Denied, Expired, RecoveryRequest, Withdrawn } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'

type Unused = Denied | Expired | Withdrawn

/**
 * What is committed with the end of such a request.
 * @param earlier the other requests for its account within the limit's time
 */
export function endsUnused(
  request: Unused,
  earlier: readonly RecoveryRequest[],
  { policy }: Terms,
): Pick<Change, 'returns' | 'alarm'> {
  const { name, of } = accountLimitUse(policy, request.account)
  const returns: readonly LimitReturn[] = [{ name, of, countedAt: request.openedAt }]
  const before = earlier.filter((each) => each.id !== request.id && isUnused(each))
  // At the second, the fourth, the eighth: they go on, and the calls stay few.
  const count = before.length + 1
  if (count < 2 || !Number.isInteger(Math.log2(count))) return { returns }
  const requesters = new Set([...before, request].map(({ requestedBy }) => requestedBy))
  const alarm = entryFor(request, rekey, policy, {
    type: 'requests.repeated',
    requests: [...before, request].map(({ id }) => id),
    requesters: [...requesters],
  })
  return { returns, alarm }
}

/** Whether it has ended without anybody having tried to carry it out. */
export function isUnused({ state }: RecoveryRequest): boolean {
  return state === 'withdrawn' || state === 'denied' || state === 'expired'
}
