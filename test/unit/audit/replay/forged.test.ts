import { describe, expect, it } from 'vitest'
import type { ApprovalsAsked } from '../../../../src/audit/replay/recorded-request.ts'
import { later, minute } from '../../../support/examples.ts'
import {
  approved,
  approvedBy,
  code,
  codeIntended,
  executed,
  executing,
  intended,
  opened,
  owner,
  paused,
  read,
  resumed,
  revealing,
  type Said,
  settled,
  signOut,
  told,
  undecided,
} from '../../../support/told.ts'

describe('F2 what does not follow, whoever has made the hashes fit:', () => {
  it.each<[string, readonly Said[], string]>([
    ['no request', [approvedBy('U0GRACE')], 'was never opened'],
    ['opened twice', [opened(), opened()], 'is opened a second time'],
    ['carried out without approval', [opened(), intended()], 'was pending, where'],
    [
      'carried out with too few approvals',
      [opened({ approvalsNeeded: 2 }), approvedBy('U0GRACE', 1, 2, { complete: true })],
      'is taken for approved with 1 of 2 approvals',
    ],
    [
      'approved by the requester',
      [opened(), approvedBy('U0ADA')],
      'by somebody whose it cannot be',
    ],
    ['approved by the owner', [opened(), approvedBy('U0JANE')], 'by somebody whose it cannot be'],
    ['denied by the requester', [opened(), ['request.denied', 'U0ADA']], 'whose it cannot be'],
    [
      'approved twice by one person',
      [opened({ approvalsNeeded: 2 }), approvedBy('U0GRACE', 1, 2), approvedBy('U0GRACE', 2, 2)],
      'had 1 approval by then, and this counts 2',
    ],
    [
      'approved without one of whom one was needed',
      [opened(), approvedBy('U0GRACE', 1, 1, { missing: ['S0SECURITY'] })],
      'while somebody of S0SECURITY still had to approve',
    ],
    [
      'approved when it had expired',
      [opened(), [...approvedBy('U0GRACE').slice(0, 3), { minutes: 31 }] as never],
      'had expired',
    ],
    ['expired too soon', [opened(), ['request.expired', 'rekey']], 'could be decided until'],
    [
      'fewer needed',
      [opened({ approvalsNeeded: 2 }), approvedBy('U0MARY', 1, 1)],
      'where it was 2',
    ],
    ['withdrawn by another', [opened(), ['request.withdrawn', 'U0MARY']], 'whose it cannot be'],
    [
      'a version left out',
      [opened(), [...approvedBy('U0GRACE').slice(0, 3), { version: 3 }] as never],
      'should come to version 2 here, and comes to 3',
    ],
    [
      'a version that there was not yet',
      [opened(), ['approval.opened', 'U0GRACE', {}, { version: 2 }]],
      'was in version 1 by then',
    ],
    [
      'another account',
      [
        opened(),
        [
          ...approvedBy('U0GRACE').slice(0, 3),
          { target: { ...told.target, userPoolId: 'x' } },
        ] as never,
      ],
      'was opened for another account',
    ],
    ['another method', [...approved, intended(1, { deed: 'reset' })], 'for another method'],
    ['an outcome without an intent', [...approved, settled('effect.confirmed')], 'was approved'],
    [
      'an outcome of another call',
      [...executing, settled('effect.confirmed', { effect: 'EFF-9' })],
      'has the outcome of EFF-9, which was not intended before',
    ],
    [
      'an outcome of another try',
      [...executing, settled('effect.confirmed', { attempt: 2 })],
      'was at try 1 of its call',
    ],
    [
      'a call that landed late, and that nobody intended',
      [...executing, settled('effect.duplicate', { fence: 2 })],
      'has the outcome of EFF-1, which was not intended before',
    ],
    ['called again too soon', [...executing, intended(2)], 'had EFF-1 intended by then'],
    [
      'a fence that does not rise',
      [...executing, settled('effect.not-applied'), intended(2, { fence: 1 })],
      'was at try 2',
    ],
    [
      'two calls',
      [...executed, intended(2)],
      'was executed, where effect.intended does not follow',
    ],
    ['shown to another', [...executed, ['secret.revealing', 'U0SUKI']], 'whose it cannot be'],
    [
      'shown twice',
      [...executed, revealing, ['secret.revealed', 'U0ADA'], revealing],
      'was revealed',
    ],
    [
      'shown before it was made',
      [...executing, revealing],
      'was executing, where secret.revealing',
    ],
    ['sessions ended before anything', [...approved, signOut(1)], 'was approved, where'],
    [
      'going on after the end',
      [opened(), ['request.denied', 'U0MARY'], approvedBy('U0MARY')],
      'was denied',
    ],
    ['reported twice', [...executed, owner('executed'), owner('executed')], 'a second time'],
    ['reported in another state', [...executed, owner('pending')], 'was executed, where'],
    ['begun in a pause', [...approved, paused, intended()], 'while everything is paused'],
    ['shown in a pause', [...executed, paused, revealing], 'while everything is paused'],
    ['paused twice', [paused, paused], 'were paused already'],
    ['resumed without a pause', [resumed], 'were not paused'],
    [
      'sent again for another time',
      [
        ...code(approvedBy('U0GRACE'), codeIntended(), undecided()),
        ['attention.resolved', 'U0ADA', { verdict: 'send-again', effect: 'EFF-4', number: 3 }],
      ],
      'was to be sent for the time 2',
    ],
  ])('%s', (_, said, because) => {
    const { fault } = read(said)
    expect(fault).toMatchObject({ kind: 'broken', seq: said.length })
    expect(fault?.because).toContain(because)
  })

  it('begun for an account that is frozen, until the freeze is over', () => {
    const another: Partial<Said[3]> = { request: 'REQ-0000000002' as typeof told.id }
    const second = (minutes: number): readonly Said[] =>
      [opened(), approvedBy('U0GRACE'), intended()].map(([type, by, data], place) => [
        type,
        by,
        { ...data, expiresAt: later(26 * 60 * minute).toISOString() },
        { ...another, version: place + 1, minutes },
      ])
    const frozen = [opened(), owner('pending')]
    expect(read([...frozen, ...second(23 * 60)]).fault?.because).toContain('account is frozen')
    expect(read([...frozen, ...second(25 * 60)]).fault).toBeUndefined()
  })

  it('fewer approvals than the policy of that moment asked for', () => {
    const asked: ApprovalsAsked = (hash, tier) =>
      hash === told.policy && tier === 'standard' ? 2 : undefined
    expect(read([opened()], asked).fault?.because).toContain('where it was 2')
    // A policy that has come since asks for more before the call.
    const since: ApprovalsAsked = (hash) => (hash === 'b'.repeat(64) ? 2 : undefined)
    const [type, by, data] = intended()
    const begun = read([...approved, [type, by, data ?? {}, { policy: 'b'.repeat(64) }]], since)
    expect(begun.fault?.because).toContain('is carried out with 1 of 2 approvals')
  })
})
