/**
 * A request as its entries alone have it, with its calls: what is gone on by where somebody else has changed
 * its row. What no entry says is left out: its addresses, its groups, Cognito's name for the account.
 */

import type { Entry } from '../../audit/entry.ts'
import { type RecordedEntry, readEntry } from '../../audit/recorded-entry.ts'
import { follow } from '../../audit/replay/follow.ts'
import type { RecordedRequest, RecordedState } from '../../audit/replay/recorded-request.ts'
import { changesPassword } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import { after } from '../model/drafts.ts'
import type { AccountSnapshot, Effect, Failure } from '../model/effect.ts'
import { callLeaseMs } from '../model/effect.ts'
import type {
  Confirmation,
  Done,
  Executed,
  Failed,
  Lapsed,
  RecoveryRequest,
} from '../model/request.ts'
import { text } from '../text/text.ts'
import { localFailure, recordAltered, saidByPerson } from './own-failure.ts'

/** What the ledger says of one request. */
export interface Recorded {
  readonly request: RecordedRequest
  /** All of its own, in their order; every one of them follows. */
  readonly entries: readonly RecordedEntry[]
}

/** @returns undefined where the ledger does not have it, or where its entries do not follow */
export function recordedIn(entries: readonly Entry[]): Recorded | undefined {
  const own = entries.filter(({ request }) => request !== null).map(readEntry)
  let request: RecordedRequest | undefined
  for (const entry of own) {
    const next = follow(request, entry, () => undefined)
    if (typeof next === 'string') return undefined
    request = next
  }
  return request && { request, entries: own }
}

/** @returns undefined while it is open: then it is stopped */
export function asRecorded(recorded: Recorded, policy: Policy): RecoveryRequest | undefined {
  const { state } = recorded.request
  const opened = openedAs(recorded, policy)
  const into = passage(recorded, state)
  const at = new Date(into.time)
  switch (state) {
    case 'executed':
      return { ...opened, ...executedAs(recorded, policy), state }
    case 'recovered':
      return { ...opened, ...executedAs(recorded, policy), state, recoveredAt: at }
    case 'lapsed':
      return {
        ...opened,
        ...executedAs(recorded, policy),
        state,
        lapsedAt: at,
        because: whyLapsed(into),
      }
    case 'denied':
      return { ...opened, state, deniedAt: at, ...deniedAs(into, opened.requestedBy) }
    case 'withdrawn':
      return { ...opened, state, withdrawnAt: at }
    case 'expired':
      return { ...opened, state, expiredAt: at }
    case 'failed':
      return { ...opened, state, failedAt: at, ...failedAs(recorded, into) }
    case 'pending':
    case 'approved':
    case 'executing':
    case 'needs-attention':
      return undefined
    default:
      return state satisfies never
  }
}

/** What stops it, while it is open: nothing is tried any more. */
export function stoppedAs(recorded: Recorded, policy: Policy, now: Date): Failed {
  const { effect, version } = recorded.request
  return {
    ...openedAs(recorded, policy),
    version: version + 1,
    state: 'failed',
    failedAt: now,
    failure: localFailure(recordAltered),
    ...(effect === undefined ? {} : { effect }),
  }
}

function openedAs({ request, entries }: Recorded, policy: Policy) {
  const { opener, target, openedAt, expiresAt, reported, approvals } = request
  const data = entries.find((entry) => entry.type === 'request.opened')?.data ?? {}
  const { ownerReach, source } = data
  const pool = policy.pools.find(({ userPoolId }) => userPoolId === target.userPoolId)
  return {
    id: request.id,
    version: request.version,
    pendingSince: request.pendingSince,
    // Where the policy no longer names its pool, nothing is called there. Cognito takes the sub for a name.
    account: { ...target, pool: pool?.name ?? target.userPoolId, username: target.sub },
    seen: {
      name: data.account ?? target.sub,
      status: typeof data.status === 'string' ? data.status : 'UNKNOWN',
      contacts: [],
      groups: [],
      modifiedAt: new Date(openedAt),
      temporaryPasswordDays: usualTemporaryPasswordDays,
      isLost: true,
    },
    method: request.method,
    tier: request.tier,
    approvalsNeeded: request.approvalsNeeded,
    policy: request.policy,
    requestedBy: opener,
    ...(request.owner === undefined ? {} : { owner: request.owner }),
    ...(typeof ownerReach === 'string' ? { ownerReach } : {}),
    ...(reported === undefined ? {} : { reported: { by: reported.by, at: new Date(reported.at) } }),
    ...(entries.some(({ type }) => type === 'address.changed')
      ? { addressChanged: true as const }
      : {}),
    reason: data.reason ?? '',
    ticket: data.ticket ?? '',
    identityCheck: {
      id: data.identityCheck ?? '',
      label: data.identityCheckLabel ?? '',
      evidence: { label: data.identityCheckLabel ?? '', value: data.evidence ?? '' },
    },
    ...(source === undefined ? {} : { source }),
    openedAt: new Date(openedAt),
    expiresAt: new Date(expiresAt),
    approvals: approvals.map(({ by, at }) => ({ by, at: new Date(at) })),
    missing: [],
  } as const
}

function executedAs(recorded: Recorded, policy: Policy) {
  const into = passage(recorded, 'executed')
  const { effect, password } = recorded.request
  if (effect === undefined) throw new Error(`${recorded.request.id} was executed without a call`)
  const sentTo = into.type === 'effect.confirmed' ? into.data.sentTo : undefined
  return {
    effect,
    executedAt: new Date(into.time),
    confirmedBy: confirmationOf(into),
    ...(sentTo === undefined ? {} : { sentTo }),
    sessions: sessionsOf(recorded, policy),
    password,
    passwordSince: new Date(last(recorded, (was, now) => was?.password !== now.password).time),
  } satisfies Partial<Executed>
}

function confirmationOf({ type }: RecordedEntry): Confirmation {
  if (type === 'effect.confirmed') return 'answer'
  if (type === 'effect.observed') return 'observation'
  return type === 'attention.resolved' ? 'person' : 'nobody'
}

/** Where an older policy of those days kept them, they are ended all the same: that is no harm. */
function sessionsOf({ request, entries }: Recorded, policy: Policy): Done['sessions'] {
  const mayEnd = policy.signOutAfter && changesPassword(request.method)
  let sessions: Done['sessions'] = request.reported !== undefined || mayEnd ? 'to-revoke' : 'kept'
  let isTried = false
  for (const { type, data } of entries) {
    if (type === 'effect.intended' && data.deed === 'sign-out') isTried = true
    else if (type === 'sessions.revoked' && isTried) sessions = 'revoked'
    else if (type === 'effect.refused' && data.deed === 'sign-out') sessions = 'not-revoked'
    // Whoever came in until then has to go out, too.
    else if (type === 'owner.reported' || (request.reported && endsUse(type))) {
      sessions = 'to-revoke'
      isTried = false
    }
  }
  return sessions
}

function endsUse(type: RecordedEntry['type']): boolean {
  return type === 'secret.scrambled' || type === 'recovery.misused'
}

function whyLapsed(into: RecordedEntry): Lapsed['because'] {
  if (into.type === 'recovery.misused') return 'used'
  if (into.type === 'secret.scrambled') return 'scrambled'
  if (into.type === 'effect.refused') return 'not-scrambled'
  const because = into.type === 'request.lapsed' ? into.data.because : undefined
  return typeof because === 'string' ? because : 'time-up'
}

function deniedAs(into: RecordedEntry, nobodyElse: RecoveryRequest['requestedBy']) {
  const deniedBy = into.actor.kind === 'person' ? into.actor.id : nobodyElse
  const comment = into.type === 'request.denied' ? (into.data.comment ?? '') : text.reported
  return { deniedBy, comment }
}

function failedAs({ request }: Recorded, into: RecordedEntry) {
  const { effect, mayHaveLanded } = request
  const isResent = into.type === 'effect.refused' && mayHaveLanded === true
  return {
    failure: failureOf(into),
    ...(effect === undefined ? {} : { effect }),
    ...(isResent ? { sentBefore: true as const } : {}),
  }
}

function failureOf(into: RecordedEntry): Failure {
  if (into.type === 'request.stopped') return localFailure(recordAltered)
  if (into.type === 'attention.resolved') return { kind: 'no-answer', name: saidByPerson }
  if (into.type !== 'request.failed' && into.type !== 'effect.refused')
    return localFailure(recordAltered)
  const { failure, error, awsRequestId } = into.data
  return {
    kind: typeof failure === 'string' ? failure : 'refused',
    name: error ?? '',
    ...(awsRequestId === undefined ? {} : { awsRequestId }),
  }
}

/** Its calls: none but those that were intended, or ordered. */
export function effectsAsRecorded({ request, entries }: Recorded): readonly Effect[] {
  return request.effects.map(({ id, kind, number, state, fence, attempts }) => {
    const about = entries.filter(({ data }) => 'effect' in data && data.effect === id)
    const intents = about.filter((entry) => entry.type === 'effect.intended')
    const [ordered = about[0]] = intents
    const firstIntendedAt = new Date(ordered?.time ?? request.openedAt)
    const intendedAt = new Date(intents.at(-1)?.time ?? firstIntendedAt)
    const noted = about.findLast(
      (entry) => entry.type === 'effect.looked' && entry.data.statusNow !== undefined,
    )
    return {
      id,
      request: request.id,
      kind,
      number,
      state,
      fence,
      attempts,
      firstIntendedAt,
      intendedAt,
      leaseUntil: after(intendedAt, callLeaseMs),
      before: beforeOf(intents.at(-1), intendedAt),
      ...(noted?.type === 'effect.looked'
        ? { after: snapshot(noted.data.statusNow, noted.data.modifiedNow, intendedAt) }
        : {}),
      unchangedLooks: 0,
    }
  })
}

function beforeOf(intent: RecordedEntry | undefined, at: Date): AccountSnapshot {
  return intent?.type === 'effect.intended'
    ? snapshot(intent.data.statusBefore, intent.data.modifiedBefore, at)
    : snapshot(undefined, undefined, at)
}

function snapshot(
  status: AccountSnapshot['status'] | { readonly unknown: string } | undefined,
  modifiedAt: string | undefined,
  otherwise: Date,
): AccountSnapshot {
  return {
    status: typeof status === 'string' ? status : 'UNKNOWN',
    modifiedAt: modifiedAt === undefined ? otherwise : new Date(modifiedAt),
  }
}

/** The entry that has brought it into this state, last. */
function passage(recorded: Recorded, state: RecordedState): RecordedEntry {
  return last(recorded, (was, now) => now.state === state && was?.state !== state)
}

function last(
  { request, entries }: Recorded,
  isIt: (was: RecordedRequest | undefined, now: RecordedRequest) => boolean,
): RecordedEntry {
  let was: RecordedRequest | undefined
  let found: RecordedEntry | undefined
  for (const entry of entries) {
    const now = follow(was, entry, () => undefined)
    if (typeof now === 'string') continue
    if (isIt(was, now)) found = entry
    was = now
  }
  if (found === undefined) throw new Error(`the ledger has no way of ${request.id} to where it is`)
  return found
}

// Cognito's own, where a pool does not say otherwise.
const usualTemporaryPasswordDays = 7
