/** Who may decide on a request. Asked when a form opens, when it is submitted, and before execution. */

import type { PersonId } from '../../ids.ts'
import { lineOf, type MemberWait, memberWait, settled } from '../../policy/membership.ts'
import type { Policy, Principal } from '../../policy/policy.ts'
import {
  addressSubject,
  deciders,
  findTier,
  isSamePerson,
  mayDecide,
  mayRequest,
  type Someone,
} from '../../policy/who.ts'
import type { Account } from '../model/account.ts'
import type { Refusal, Refused } from '../model/decision.ts'
import { type Attempt, refuse } from '../model/drafts.ts'
import type { Approval, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'

/** Everybody who has a part in a request, as they are now: its requester, its owner, those who approved. */
export type Participants = ReadonlyMap<PersonId, Person>

/** Whose parts in the request have to be looked up. */
export function participantsOf({ requestedBy, owner, approvals }: RecoveryRequest): PersonId[] {
  return [requestedBy, ...(owner === undefined ? [] : [owner]), ...approvals.map(({ by }) => by)]
}

/** Who people are when it is asked what they may do about a request. */
export interface Known {
  readonly participants: Participants
  /** Where it has just been read: whoever has its address is its owner, too. */
  readonly account?: Account | undefined
}

/** Why this person has no say in this request; undefined if they have. */
export function whyNotApprover(
  request: RecoveryRequest,
  by: Person,
  known: Known,
  { policy, now }: Terms,
): Refusal | undefined {
  const tier = findTier(policy, request.tier)
  const waitedMs = waitedFor(request, now)
  // A tier that has gone from the policy has no approvers left, so nobody may decide.
  if (!by.member || tier === undefined || !mayDecide(tier, by, waitedMs)) return 'not-an-approver'
  if (isSamePerson(policy, by, asNow(known.participants, request.requestedBy))) return 'own-request'
  if (isOwner(request, by, known, policy)) return 'own-account'
  const inTime = settled(by, tier.newMembersWaitMs, now)
  return mayDecide(tier, inTime, waitedMs) ? undefined : 'new-member'
}

/** The line of the policy by which somebody who may decide does so: the id of a user or of a user group. */
export function heldBy(
  request: RecoveryRequest,
  by: Person,
  { policy, now }: Terms,
): Principal['id'] | undefined {
  const tier = findTier(policy, request.tier)
  if (tier === undefined) return undefined
  const named = deciders(tier, waitedFor(request, now))
  return lineOf(named, by)?.id
}

/** Who wants to decide, and why they cannot. */
interface Undecided {
  readonly attempt: Extract<Attempt, 'approve' | 'deny'>
  readonly by: Person
  readonly why: Refusal
}

/** Says no to somebody who wants to decide, and where they only have to wait, until when. */
export function refuseDecider(
  request: RecoveryRequest,
  { attempt, by, why }: Undecided,
  { policy, now }: Terms,
): Refused {
  const wait = why === 'new-member' ? waitOf(request, by, { policy, now }) : undefined
  const refused = refuse(request, { attempt, by: by.id, why, wait }, policy)
  return wait === undefined ? refused : { ...refused, wait }
}

/** What somebody who has just come into a group of approvers waits for. */
export function waitOf(
  request: RecoveryRequest,
  by: Person,
  { policy, now }: Terms,
): MemberWait | undefined {
  const tier = findTier(policy, request.tier)
  return tier && memberWait(tier, by, waitedFor(request, now))
}

function waitedFor({ openedAt }: RecoveryRequest, now: Date): number {
  return now.getTime() - openedAt.getTime()
}

/**
 * Why whoever asked could not ask today: what they said of the owner is only as good as they are,
 * and who the owner is may have come to light since.
 */
export function cannotStillAsk(
  request: RecoveryRequest,
  known: Known,
  policy: Policy,
): 'requester-left' | 'requesters-account' | undefined {
  const who = known.participants.get(request.requestedBy)
  if (who?.member !== true || !mayRequest(policy, who)) return 'requester-left'
  return isOwner(request, who, known, policy) ? 'requesters-account' : undefined
}

function isOwner(
  { owner }: RecoveryRequest,
  who: Person,
  { participants, account }: Known,
  policy: Policy,
): boolean {
  if (account !== undefined && hasAddressOf(account, who)) return true
  return owner !== undefined && isSamePerson(policy, who, asNow(participants, owner))
}

/** Whether this person has the account's address, each with whatever tag. */
export function hasAddressOf({ ownerEmail }: Account, who: Someone): boolean {
  return ownerEmail !== undefined && who.subjects.includes(addressSubject(ownerEmail))
}

/** The approvals that this person has given, under whichever of their accounts. */
export function approvalsBy(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  policy: Policy,
): readonly Approval[] {
  return request.approvals.filter((each) => isSamePerson(policy, by, asNow(participants, each.by)))
}

/** The approvals that somebody else has given. */
export function approvalsByOthers(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  policy: Policy,
): readonly Approval[] {
  const own = approvalsBy(request, by, participants, policy)
  return request.approvals.filter((each) => !own.includes(each))
}

/** Whether this person, under whichever of their accounts, asked for the recovery or approved it. */
export function tookPart(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  policy: Policy,
): boolean {
  const asked = isSamePerson(policy, by, asNow(participants, request.requestedBy))
  return asked || approvalsBy(request, by, participants, policy).length > 0
}

/** What somebody decides by. */
export interface Seen {
  readonly participants: Participants
  /** The version of the request that they were looking at. */
  readonly seenVersion: number
}

/**
 * Why this person cannot decide now. Who is asking comes before what state the request is in:
 * whoever has no say learns nothing about it, not even that it is over.
 */
export function cannotDecide(
  request: RecoveryRequest,
  by: Person,
  { participants, seenVersion }: Seen,
  terms: Terms,
): Refusal | undefined {
  const { now } = terms
  const why = whyNotApprover(request, by, { participants }, terms)
  if (why !== undefined) return why
  if (request.state === 'expired') return 'expired'
  if (request.state !== 'pending') return 'already-decided'
  // The expiry job marks old requests, but it may be late. The clock is the rule, not the job.
  if (now >= request.expiresAt) return 'expired'
  if (seenVersion < request.pendingSince || seenVersion > request.version) return 'stale-view'
  return undefined
}

// Somebody who has left is still not anybody else.
function asNow(participants: Participants, id: PersonId): Someone {
  return participants.get(id) ?? { id, groups: [], subjects: [] }
}
