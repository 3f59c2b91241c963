/** The parts every rule puts together: the next version of a request, its ledger entry, its jobs. */

import type { Actor, EntryDraft } from '../../audit/entry.ts'
import type { EntryData, EntryType } from '../../audit/entry-data.ts'
import type { PersonId } from '../../ids.ts'
import type { MemberWait } from '../../policy/membership.ts'
import type { LimitName, Policy } from '../../policy/policy.ts'
import type { AccountRef } from './account.ts'
import type { Change, LimitUse, Moved, Refusal, Refused } from './decision.ts'
import type { JobDraft, Task } from './job.ts'
import { cardLane, ownerLane, requesterLane, whoIsLeftLane } from './lanes.ts'
import type { RecoveryRequest } from './request.ts'

/** What happened: an entry's type, with what its data hold for that type. */
export type EntryContent<Type extends EntryType = EntryType> = {
  [Each in Type]: Typed<Each, EntryData[Each]>
}[Type]

/** The same about a request, whose account `entryFor` names. */
export type RequestEntryContent<Type extends RequestEntryType = RequestEntryType> = {
  [Each in Type]: Typed<Each, WithoutAccount<EntryData[Each]>>
}[Type]

type Typed<Type, Data> = Data extends unknown ? { readonly type: Type } & Data : never

type WithoutAccount<Data> = Data extends unknown ? Omit<Data, 'account'> : never

type RequestEntryType = {
  [Type in EntryType]: 'account' extends keyof EntryData[Type] ? Type : never
}[EntryType]

/** Who acts where nobody has asked for it. */
export const rekey: Actor = { kind: 'rekey' }

/** Somebody as the one who acts. */
export function person(id: PersonId): Actor {
  return { kind: 'person', id }
}

/** An entry about a request, in the version that it made or met. */
export function entryFor(
  request: RecoveryRequest,
  actor: Actor,
  policy: Policy,
  { type, ...data }: RequestEntryContent,
): EntryDraft {
  return {
    type,
    actor,
    request: request.id,
    version: request.version,
    target: targetOf(request.account),
    policy: policy.hash,
    data: { account: request.seen.name, ...data },
    // Apart, the compiler no longer sees that they belong together.
  } as EntryDraft
}

/** An entry about something that never became part of a request. */
export function entryWithout(
  actor: Actor,
  policy: Policy,
  { type, ...data }: EntryContent,
  account?: AccountRef,
): EntryDraft {
  const target = account === undefined ? null : targetOf(account)
  // As above.
  return {
    type,
    actor,
    request: null,
    version: null,
    target,
    policy: policy.hash,
    data,
  } as EntryDraft
}

/** The next version of a request, with what is different in it. */
export function advance<Was extends RecoveryRequest>(request: Was): Was
export function advance<Was extends RecoveryRequest, const Differs extends object>(
  request: Was,
  differs: Differs,
): Advanced<Was, Differs>
export function advance(request: RecoveryRequest, differs: object = {}): object {
  return { ...request, version: request.version + 1, ...differs }
}

type Advanced<Was, Differs> = Was extends unknown ? Omit<Was, keyof Differs> & Differs : never

/** A request's move to its next version. @param more what is committed besides its entry and jobs */
export function moved<Next extends RecoveryRequest>(
  request: Next,
  entry: EntryDraft,
  jobs: readonly JobDraft[],
  more: Omit<Change, 'request' | 'entry' | 'jobs'> = {},
): Moved<Next> {
  return { kind: 'moved', change: { request, entry, jobs, ...more } }
}

/** What somebody wanted to do with a request. */
export type Attempt =
  | 'approve'
  | 'deny'
  | 'withdraw'
  | 'reveal'
  | 'resolve'
  | 'report'
  | 'ask-again'
  | 'thaw'
  | 'clear'

/** Who tried what. */
interface Tried {
  readonly attempt: Attempt
  readonly by: PersonId
}

/** Says no to a decision about a request, and leaves the attempt in the ledger. */
export function refuse(
  request: RecoveryRequest,
  {
    attempt,
    by,
    why,
    wait,
  }: Tried & { readonly why: Refusal; readonly wait?: MemberWait | undefined },
  policy: Policy,
): Refused {
  const entry = entryFor(request, person(by), policy, {
    type: 'decision.refused',
    attempt,
    why,
    ...(wait && { group: wait.group, since: wait.since.toISOString() }),
  })
  return { kind: 'refused', why, entry, request }
}

/** Says no because a limit of the policy stands in the way. */
export function refuseForNow(
  request: RecoveryRequest,
  { attempt, by, limit }: Tried & { readonly limit: LimitName },
  policy: Policy,
): Refused {
  const why = 'limit-reached'
  const entry = entryFor(request, person(by), policy, {
    type: 'decision.refused',
    attempt,
    why,
    limit,
  })
  return { kind: 'refused', why, entry, request, limit }
}

/** What every change of a request shows: its card, drawn again from what is stored. */
export function drawCard(request: RecoveryRequest, now: Date): JobDraft {
  return job({ kind: 'draw-card', request: request.id }, cardLane(request.id), now)
}

/** What everybody who waits for the outcome sees: its card, its requester's and its owner's messages. */
export function tellAll(request: RecoveryRequest, now: Date): JobDraft[] {
  const owner = job({ kind: 'tell-owner', request: request.id }, ownerLane(request.id), now)
  return [
    drawCard(request, now),
    tellRequester(request, now),
    ...(request.ownerReach === 'slack' ? [owner] : []),
  ]
}

/** Draws anew what the requester has of it, or tells them. */
export function tellRequester(request: RecoveryRequest, now: Date): JobDraft {
  return job({ kind: 'tell-requester', request: request.id }, requesterLane(request.id), now)
}

// Often enough that whoever can name others hears of it while that still helps.
const looks = 6

/** When to see again whether there are people left who could decide. */
export function nextLook({ openedAt, expiresAt }: RecoveryRequest, now: Date): Date {
  return after(now, Math.max((expiresAt.getTime() - openedAt.getTime()) / looks, 60_000))
}

/** Sees whether there are people left who could decide on it. */
export function lookWhoIsLeft(request: RecoveryRequest, at: Date): JobDraft {
  const lane = whoIsLeftLane(request.id, request.version)
  return job({ kind: 'see-who-is-left', request: request.id }, lane, at)
}

/** Counts one more towards a limit of the policy. @param of whom or what it is counted for */
export function countsTowards(policy: Policy, name: LimitName, of: string): LimitUse {
  return { ...policy.limits[name], name, of }
}

/** What every request counts towards, whoever asks for that account. */
export function accountLimitUse(policy: Policy, { userPoolId, sub }: AccountRef): LimitUse {
  return countsTowards(policy, 'requestsPerAccount', `${userPoolId} ${sub}`)
}

/** The same for one requester: of this one nothing is given back, or they could ask and take back all day. */
export function pairLimitUse(policy: Policy, account: AccountRef, requester: PersonId): LimitUse {
  const { name, of } = accountLimitUse(policy, account)
  return countsTowards(policy, name, `${of} ${requester}`)
}

/** A job to be done in its lane, no earlier than that. */
export function job(task: Task, lane: string, notBefore: Date): JobDraft {
  return { task, lane, notBefore }
}

/** The time that much later. */
export function after(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds)
}

function targetOf(account: AccountRef) {
  return { userPoolId: account.userPoolId, sub: account.sub }
}

/** What every execution counts towards, whoever's it is. */
export function executionLimitUse(policy: Policy): LimitUse {
  return countsTowards(policy, 'executionsOverall', 'all')
}
