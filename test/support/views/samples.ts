// biome-ignore-all lint/style/noExcessiveLinesPerFile: one sample of each thing that is shown

/** Requests, candidates and ledger entries to draw: calm ones, and ones full of somebody's hostile words. */

import { z } from 'zod'
import { noHash } from '../../../src/audit/chain.ts'
import type { ChainedEntry, Entry } from '../../../src/audit/entry.ts'
import { type EntryType, entrySchemas, entryTypes } from '../../../src/audit/entry-data.ts'
import { newId, personId, subOf } from '../../../src/ids.ts'
import { type Method, methods } from '../../../src/policy/method.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import type {
  Account,
  AccountStatus,
  Availability,
  MethodAvailability,
} from '../../../src/recovery/model/account.ts'
import type { Executed, Pending, RecoveryRequest } from '../../../src/recovery/model/request.ts'
import type { Candidate } from '../../../src/recovery/services/requests.ts'

export const ada = personId('U0ADA')
export const grace = personId('U0GRACE')
export const mary = personId('U0MARY')

export const noon = new Date('2026-11-22T12:00:00Z')

export function later(minutes: number): Date {
  return new Date(noon.getTime() + minutes * 60_000)
}

/** What people and Cognito may have written. */
export interface Words {
  readonly name: string
  readonly masked: string
  readonly group: string
  readonly reason: string
  readonly ticket: string
  readonly label: string
  readonly comment: string
}

export const calm: Words = {
  name: 'Jane Doe',
  masked: 'j***@e***.com',
  group: 'editors',
  reason: 'Lost her phone and forgot the password.',
  ticket: 'HELP-42',
  label: 'Called back on the number on file',
  comment: 'Her manager knows of no lost phone.',
}

export const policy: Policy = {
  hash: 'ab'.repeat(32),
  channels: { approvals: 'C0APPROVE', audit: 'C0AUDIT', alerts: 'C0APPROVE' },
  pools: [{ name: 'customers', userPoolId: 'us-west-2_aaaaaaaaa', region: 'us-west-2' }],
  requesters: [{ kind: 'user', id: ada }],
  security: [{ kind: 'user', id: grace }],
  samePerson: [],
  tiers: [
    {
      name: 'privileged',
      when: { groups: ['admins'] },
      approvers: [{ kind: 'user', id: grace }],
      approvals: 2,
      from: [],
      privileged: true,
      newMembersWaitMs: 0,
      methods: ['reset'],
      identityChecks: ['callback', 'video'],
    },
    {
      name: 'standard',
      approvers: [{ kind: 'user', id: grace }],
      approvals: 1,
      from: [],
      privileged: false,
      newMembersWaitMs: 0,
      methods: [...methods],
      identityChecks: ['callback', 'video'],
    },
  ],
  identityChecks: [
    {
      id: 'callback',
      label: 'Called back on the number on file',
      evidence: {
        kind: 'source',
        label: 'Where is it on file?',
        options: ['Contract', 'HR record'],
      },
    },
    {
      id: 'video',
      label: 'Video call with photo ID',
      evidence: {
        kind: 'reference',
        label: 'Recording of the call',
        form: { pattern: 'VID-\\d+', example: 'VID-12' },
      },
    },
  ],
  ticket: { pattern: '.*\\S.*', example: 'HELP-42' },
  limits: {
    lookUpsPerRequester: { most: 60, windowMs: 3_600_000 },
    requestsPerRequester: { most: 10, windowMs: 3_600_000 },
    requestsPerAccount: { most: 3, windowMs: 86_400_000 },
    requestsOverall: { most: 60, windowMs: 3_600_000 },
    approvalsPerApprover: { most: 20, windowMs: 3_600_000 },
    executionsOverall: { most: 30, windowMs: 3_600_000 },
  },
  minimumReadingTimeMs: 3_000,
  reminders: { afterMs: 5 * 60_000, times: 3 },
  requestExpiresAfterMs: 30 * 60_000,
  temporaryPassword: { revealWithinMs: 15 * 60_000, useWithinMs: 60 * 60_000 },
  signOutAfter: true,
}

export function pending(differs: Partial<Pending> = {}, words: Words = calm): Pending {
  return {
    id: newId('request'),
    version: 1,
    pendingSince: 1,
    state: 'pending',
    account: accountRef,
    seen: {
      name: words.name,
      status: 'CONFIRMED',
      contacts: [contact(words)],
      groups: [words.group],
      modifiedAt: later(-60 * 24 * 30),
      temporaryPasswordDays: 7,
      destination: contact(words),
    },
    method: 'reset',
    tier: 'standard',
    approvalsNeeded: 1,
    policy: policy.hash,
    requestedBy: ada,
    reason: words.reason,
    ticket: words.ticket,
    identityCheck: {
      id: 'callback',
      label: words.label,
      evidence: { label: words.label, value: words.ticket },
    },
    openedAt: noon,
    expiresAt: later(30),
    approvals: [],
    missing: [],
    ...differs,
  }
}

export function executed(differs: Partial<Executed> = {}, words: Words = calm): Executed {
  const { seen, ...opened } = pending({}, words)
  const { destination: _, ...withoutDestination } = seen
  const isTold = differs.method?.endsWith('-password') ?? false
  return {
    ...opened,
    seen: isTold ? withoutDestination : seen,
    state: 'executed',
    version: 4,
    approvals: [{ by: grace, at: later(3) }],
    effect: newId('effect'),
    executedAt: later(4),
    confirmedBy: 'answer',
    ...(isTold ? {} : { sentTo: words.masked }),
    sessions: 'to-revoke',
    password: isTold ? 'sealed' : 'none',
    passwordSince: later(4),
    ...differs,
  }
}

const lapses = ['time-up', 'not-scrambled', 'account-gone', 'pool-removed', 'used'] as const

/** One request in every state, and an executed one for every method and fate of a password. */
export function everyRequest(words: Words = calm): RecoveryRequest[] {
  const opened = pending({}, words)
  const approved = { ...opened, approvals: [{ by: grace, at: later(3) }] }
  const done = executed({}, words)
  const effect = newId('effect')
  return [
    opened,
    { ...approved, state: 'approved' },
    { ...approved, state: 'executing', effect },
    ...methods.map((method) => executed({ method }, words)),
    ...methods.map((method) =>
      executed({ method, confirmedBy: 'observation', sessions: 'kept' }, words),
    ),
    ...(['sealed', 'revealing', 'revealed', 'burnt', 'scrambled'] as const).map((password) =>
      executed({ method: 'temporary-password', password, sessions: 'not-revoked' }, words),
    ),
    executed({ method: 'permanent-password', password: 'revealed', sessions: 'revoked' }, words),
    { ...done, addressChanged: true },
    { ...done, state: 'recovered', recoveredAt: later(16) },
    ...lapses.map((because) => ({
      ...done,
      state: 'lapsed' as const,
      lapsedAt: later(64),
      because,
    })),
    {
      ...done,
      reported: { by: mary, at: later(5) },
      state: 'lapsed',
      lapsedAt: later(6),
      because: 'scrambled',
      password: 'scrambled',
    },
    {
      ...approved,
      state: 'needs-attention',
      effect,
      because: 'changed-otherwise',
      since: later(5),
      looked: {
        before: { status: 'CONFIRMED', modifiedAt: later(-60) },
        found: { status: 'RESET_REQUIRED', modifiedAt: later(4) },
      },
    },
    {
      ...approved,
      state: 'needs-attention',
      effect,
      because: 'never-observed',
      since: later(5),
      looked: { before: { status: 'CONFIRMED', modifiedAt: later(-60) } },
    },
    { ...opened, state: 'denied', deniedBy: mary, deniedAt: later(2), comment: words.comment },
    { ...opened, state: 'withdrawn', withdrawnAt: later(2) },
    { ...opened, state: 'expired', expiredAt: later(30) },
    {
      ...approved,
      state: 'failed',
      failedAt: later(5),
      failure: { kind: 'no-channel', name: 'InvalidParameterException', awsRequestId: 'aws-1' },
    },
  ]
}

export function candidate(differs: Partial<Account> = {}, words: Words = calm): Candidate {
  const account: Account = {
    ref: accountRef,
    name: words.name,
    status: 'CONFIRMED',
    enabled: true,
    contacts: [contact(words), { ...contact(words), kind: 'phone', verified: false }],
    groups: [words.group],
    createdAt: later(-60 * 24 * 400),
    modifiedAt: later(-60 * 24 * 30),
    temporaryPasswordDays: 7,
    availability: availability({}),
    remarks: [],
    ...differs,
  }
  return { account, tier: standardTier, availability: account.availability }
}

/** Every method available, but for those given. */
export function availability(closed: Partial<Record<Method, Availability>>): MethodAvailability {
  const open: Availability = { open: true }
  return {
    reset: open,
    'temporary-password': open,
    'permanent-password': open,
    'recovery-code': open,
    'resend-invitation': open,
    ...closed,
  }
}

export function status(differs: AccountStatus): Partial<Account> {
  return { status: differs }
}

/** Every kind of entry: with all that a rule may write, with words that nobody knows, and with nothing. */
export function everyEntry(words: Words = calm): ChainedEntry[] {
  return entryTypes.flatMap((type) => [
    ...entrySchemas[type].variants.flatMap(({ shape }) => [
      chained(type, written(shape, words)),
      chained(type, strange(shape, words)),
    ]),
    bareEntry(type),
  ])
}

export function entryOf(type: EntryType, words: Words = calm): ChainedEntry {
  return chained(type, written(entrySchemas[type].variants[0].shape, words))
}

function chained(type: EntryType, data: Entry['data']): ChainedEntry {
  const entry: Entry = {
    v: 1,
    seq: 12,
    time: noon.toISOString(),
    type,
    actor: { kind: 'person', id: ada },
    request: newId('request'),
    version: 2,
    target: { userPoolId: accountRef.userPoolId, sub: accountRef.sub },
    policy: policy.hash,
    data,
    prev: noHash,
  }
  return { entry, hash: 'cd'.repeat(32) }
}

type Shape = Readonly<Record<string, z.core.$ZodType>>

/** Each key with something that the schema takes, people's words wherever there may be any. */
function written(shape: Shape, words: Words): Entry['data'] {
  const data = Object.entries(shape).map(([key, field]) => {
    const some = [textOf(key, words), 2, true, false, [grace, words.group], noon.toISOString()]
    const value = [...some, ...choices, ...choices.map((each) => [each])].find(
      (each) => z.safeParse(field, each).success,
    )
    if (value === undefined) throw new Error(`the samples have nothing for ${key}`)
    return [key, value] as const
  })
  return Object.fromEntries(data)
}

/** As another Rekey, or somebody in the database, may have written it. */
function strange(shape: Shape, words: Words): Entry['data'] {
  return Object.fromEntries(Object.keys(shape).map((key) => [key, textOf(key, words)]))
}

function textOf(key: string, words: Words): string {
  const texts: Readonly<Record<string, string>> = {
    account: words.name,
    reason: words.reason,
    comment: words.comment,
    ticket: words.ticket,
    kind: words.ticket,
    sentTo: words.masked,
  }
  return texts[key] ?? words.label
}

/** One word of each choice. */
const choices = [
  'not-applied',
  'requester',
  'sent-elsewhere',
  'routine',
  'approve',
  'own-request',
  'approvalsPerApprover',
  'temporary-password',
  'scramble',
  'CONFIRMED',
  'pending',
  'throttled',
  'no-user',
  'not-our-form',
  'not-posted',
  'breaker',
  'restored',
  'witness',
  'behind',
  'not-in-slack',
  'changed-otherwise',
  'worked',
  'send-again',
  'scrambled',
  'time-up',
  'outcome',
]

function bareEntry(type: EntryType): ChainedEntry {
  const { entry, hash } = chained(type, {})
  return { entry: { ...entry, actor: { kind: 'rekey' }, request: null, target: null }, hash }
}

const accountRef = {
  pool: 'customers',
  userPoolId: 'us-west-2_aaaaaaaaa',
  sub: subOf('0f8fad5b-d9cb-469f-a165-70867728950e'),
  username: 'jane',
}

const standardTier = {
  name: 'standard',
  approvers: [{ kind: 'user', id: grace }],
  approvals: 1,
  from: [],
  privileged: false,
  newMembersWaitMs: 0,
  identityChecks: ['callback', 'video'],
  methods: [...methods],
} as const

function contact({ masked }: Words) {
  return { kind: 'email', masked, verified: true } as const
}
