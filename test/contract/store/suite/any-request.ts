/** Any request there can be, in any of its states, for tests that must hold for all of them. */

import fc from 'fast-check'
import { newId, personId, subOf } from '../../../../src/ids.ts'
import { methods } from '../../../../src/policy/method.ts'
import { accountStatuses } from '../../../../src/recovery/model/account.ts'
import type { RecoveryRequest } from '../../../../src/recovery/model/request.ts'

const time = fc.date({ noInvalidDate: true })

// Whatever people can write, the characters included that some databases refuse.
const words = fc.string({ unit: 'binary', maxLength: 30 })
const name = fc.string({ minLength: 1, maxLength: 12 })
const person = name.map(personId)
const effect = fc.constant(newId('effect'))

const contact = fc.record({
  kind: fc.constantFrom('email' as const, 'phone' as const),
  masked: words,
  verified: fc.boolean(),
})

const seen = fc.record(
  {
    name: words,
    status: fc.constantFrom(...accountStatuses),
    contacts: fc.array(contact, { maxLength: 3 }),
    addresses: words,
    groups: fc.array(words, { maxLength: 3 }),
    modifiedAt: time,
    temporaryPasswordDays: fc.integer({ min: 1, max: 365 }),
    destination: contact,
  },
  { requiredKeys: ['name', 'status', 'contacts', 'groups', 'modifiedAt', 'temporaryPasswordDays'] },
)

// The store gives them back in the order in which they were given, as everybody writes them.
const approvals = fc
  .uniqueArray(fc.record({ by: person, at: time }), {
    selector: ({ by }) => by,
    maxLength: 4,
  })
  .map((given) => given.toSorted((one, other) => +one.at - +other.at))
  .filter((given) => new Set(given.map(({ at }) => +at)).size === given.length)

const opened = fc.record(
  {
    id: fc.constant(newId('request')),
    version: fc.constant(1),
    pendingSince: fc.nat(),
    account: fc.record({
      pool: words,
      userPoolId: name,
      sub: name.map(subOf),
      username: words,
    }),
    seen,
    method: fc.constantFrom(...methods),
    tier: words,
    approvalsNeeded: fc.nat(9),
    policy: words,
    requestedBy: person,
    owner: person,
    reason: words,
    ticket: words,
    identityCheck: fc.record({
      id: words,
      label: words,
      evidence: fc.record({ label: words, value: words }),
    }),
    source: words,
    ownerReach: fc.constantFrom('slack' as const, 'not-verified' as const, 'not-in-slack' as const),
    reported: fc.record({ by: person, at: time }),
    addressChanged: fc.constant(true as const),
    stuck: fc.constant(true as const),
    privileged: fc.constant(true as const),
    openedAt: time,
    expiresAt: time,
    approvals,
    from: fc.array(
      fc.record({ kind: fc.constantFrom('user' as const, 'group' as const), id: words }),
      { maxLength: 3 },
    ),
    missing: fc.array(words),
  },
  {
    requiredKeys: [
      'id',
      'version',
      'pendingSince',
      'account',
      'seen',
      'method',
      'tier',
      'approvalsNeeded',
      'policy',
      'requestedBy',
      'reason',
      'ticket',
      'identityCheck',
      'openedAt',
      'expiresAt',
      'approvals',
      'missing',
    ],
  },
)

const done = fc.record(
  {
    effect,
    executedAt: time,
    confirmedBy: fc.constantFrom('answer' as const, 'observation' as const, 'person' as const),
    sentTo: words,
    sentElsewhere: fc.constant(true as const),
    sessions: fc.constantFrom(
      'to-revoke' as const,
      'revoked' as const,
      'kept' as const,
      'not-revoked' as const,
    ),
    password: fc.constantFrom(
      'none' as const,
      'sealed' as const,
      'revealing' as const,
      'revealed' as const,
      'burnt' as const,
      'scrambled' as const,
    ),
    passwordSince: time,
  },
  {
    requiredKeys: ['effect', 'executedAt', 'confirmedBy', 'sessions', 'password', 'passwordSince'],
  },
)

const failure = fc.record(
  {
    kind: fc.constantFrom('throttled' as const, 'account-gone' as const, 'no-answer' as const),
    name: words,
    awsRequestId: words,
  },
  { requiredKeys: ['kind', 'name'] },
)

const lapse = fc.constantFrom(
  'time-up' as const,
  'scrambled' as const,
  'not-scrambled' as const,
  'account-gone' as const,
  'pool-removed' as const,
  'used' as const,
)

const image = fc.record({
  status: fc.constantFrom('CONFIRMED' as const, 'RESET_REQUIRED' as const),
  modifiedAt: time,
})

const state = <Name extends string>(named: Name) => fc.constant(named)

/** In version 1. Its id is always the same: give it another before storing it. */
export const anyRequest: fc.Arbitrary<RecoveryRequest> = fc
  .oneof(
    fc.tuple(opened, fc.record({ state: state('pending') })).map(merge),
    fc.tuple(opened, fc.record({ state: state('approved') })).map(merge),
    fc.tuple(opened, fc.record({ state: state('executing'), effect })).map(merge),
    fc.tuple(opened, done, fc.record({ state: state('executed') })).map(mergeDone),
    fc
      .tuple(opened, done, fc.record({ state: state('recovered'), recoveredAt: time }))
      .map(mergeDone),
    fc
      .tuple(opened, done, fc.record({ state: state('lapsed'), lapsedAt: time, because: lapse }))
      .map(mergeDone),
    fc
      .tuple(
        opened,
        fc.record(
          {
            state: state('needs-attention'),
            effect,
            because: fc.constantFrom('changed-otherwise' as const, 'never-observed' as const),
            since: time,
            looked: fc.record({ before: image, found: image }, { requiredKeys: ['before'] }),
          },
          { requiredKeys: ['state', 'effect', 'because', 'since'] },
        ),
      )
      .map(merge),
    fc
      .tuple(
        opened,
        fc.record({ state: state('denied'), deniedBy: person, deniedAt: time, comment: words }),
      )
      .map(merge),
    fc.tuple(opened, fc.record({ state: state('withdrawn'), withdrawnAt: time })).map(merge),
    fc.tuple(opened, fc.record({ state: state('expired'), expiredAt: time })).map(merge),
    fc
      .tuple(
        opened,
        fc.record(
          { state: state('failed'), failedAt: time, failure, effect },
          { requiredKeys: ['state', 'failedAt', 'failure'] },
        ),
      )
      .map(merge),
  )
  // Records come without a prototype; a copy has one, as every request does.
  .map((request) => structuredClone(request))

function merge<A, B>([a, b]: [A, B]): A & B {
  return { ...a, ...b }
}

function mergeDone<A, B, C>([a, b, c]: [A, B, C]): A & B & C {
  return { ...a, ...b, ...c }
}
