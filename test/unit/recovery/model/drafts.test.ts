import { expect, it } from 'vitest'
import {
  advance,
  entryWithout,
  nextLook,
  refuseForNow,
  rekey,
} from '../../../../src/recovery/model/drafts.ts'
import { entryAbout } from '../../../support/decisions.ts'
import { account, ada, later, minute, noon, pending, policy } from '../../../support/examples.ts'

it('a request advances by one version, with what is different', () => {
  expect(advance(pending({ version: 7 }))).toEqual(pending({ version: 8 }))
  expect(advance(pending(), { reason: 'Another' })).toEqual(
    pending({ version: 2, reason: 'Another' }),
  )
})

it('a limit that is reached is in the ledger by its name', () => {
  const [attempt, why, limit] = ['approve', 'limit-reached', 'approvalsPerApprover'] as const
  expect(refuseForNow(pending(), { attempt, by: ada.id, limit }, policy)).toEqual({
    kind: 'refused',
    why,
    limit,
    request: pending(),
    entry: entryAbout(pending(), ada, { type: 'decision.refused', attempt, why, limit }),
  })
})

it('an entry without a request names the account, where it is about one', () => {
  const { userPoolId, sub } = account().ref
  const content = { type: 'account.looked-up', found: 1, pools: [] } as never
  expect(entryWithout(rekey, policy, content, account().ref)).toMatchObject({
    request: null,
    version: null,
    target: { userPoolId, sub },
  })
  expect(entryWithout(rekey, policy, content).target).toBeNull()
})

it('looks six times who is left, and each minute at most', () => {
  const until = (minutes: number) =>
    nextLook(pending({ expiresAt: later(minutes * minute) }), later(minute))
  expect(until(60)).toEqual(later(11 * minute))
  expect(until(6)).toEqual(later(2 * minute))
  expect(until(1)).toEqual(later(2 * minute))
  expect(nextLook(pending({ openedAt: later(-30 * minute) }), noon)).toEqual(later(10 * minute))
})
