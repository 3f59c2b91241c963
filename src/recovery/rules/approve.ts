import { settled } from '../../policy/membership.ts'
import type { Policy } from '../../policy/policy.ts'
import { withoutAddresses } from '../../policy/text-form.ts'
import { findTier, isSamePerson, missingFrom } from '../../policy/who.ts'
import type { Decision, Refusal, Refused } from '../model/decision.ts'
import {
  advance,
  after,
  countsTowards,
  entryFor,
  job,
  moved,
  person,
  tellAll,
} from '../model/drafts.ts'
import { effectLane } from '../model/lanes.ts'
import type { Approval, Approved, Pending, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { folded, oneLine } from '../model/visible-text.ts'
import type { Person } from '../ports/directory.ts'
import {
  approvalsBy,
  approvalsByOthers,
  cannotDecide,
  cannotStillAsk,
  heldBy,
  type Known,
  type Participants,
  refuseDecider,
  type Seen,
  whyNotApprover,
} from './rights.ts'

/** What an approval rests on. */
export interface ApproveFacts extends Seen {
  /** Since when they could read it; undefined if they never opened it. */
  readonly since: Date | undefined
  /** What they typed to name the account, where they had to. */
  readonly typed?: string | undefined
  /** The account's owner has said that somebody else is at work. */
  readonly isFrozen?: boolean
}

/**
 * Counts one person's approval, in place of any that they gave before; the last one needed sets the
 * recovery in motion.
 */
export function approve(
  request: RecoveryRequest,
  by: Person,
  facts: ApproveFacts,
  terms: Terms,
): Decision<Pending | Approved> {
  const { policy, now } = terms
  const { participants } = facts
  const why = cannotApprove(request, by, facts, terms)
  if (why !== undefined) return no(why)
  if (facts.isFrozen === true) return no('account-frozen')
  if (isTooSoon(facts, terms)) return no('too-fast')
  if (isPrivileged(request, policy) && !names(request, facts.typed ?? ''))
    return no('name-mismatch')
  const own = approvalsBy(request, by, participants, policy)
  const others = approvalsByOthers(request, by, participants, policy)
  const inPlaceOf = own.map((each) => each.by).filter((id) => id !== by.id)
  const approvals = [...others, { by: by.id, at: now }]
  const needed = approvalsNeeded(request, policy)
  const missing = missingWith(request, by, participants, terms)
  const line = heldBy(request, by, terms)
  const complete = approvals.length >= needed && missing.length === 0
  const next: Pending | Approved = advance(request, {
    approvalsNeeded: needed,
    missing,
    approvals,
    state: complete ? 'approved' : 'pending',
  })
  return moved(
    next,
    entryFor(next, person(by.id), policy, {
      type: 'request.approved',
      ...(line === undefined ? {} : { heldBy: line }),
      approvals: approvals.length,
      approvalsNeeded: needed,
      complete,
      ...(missing.length === 0 ? {} : { missing }),
      ...(inPlaceOf.length === 0 ? {} : { inPlaceOf }),
    }),
    [
      ...(complete ? [job({ kind: 'execute', request: next.id }, effectLane(next.id), now)] : []),
      ...tellAll(next, now),
    ],
    { consumes: [countsTowards(policy, 'approvalsPerApprover', by.id)] },
  )

  function no(why: Refusal): Refused {
    return refuseDecider(request, { attempt: 'approve', by, why }, terms)
  }
}

/** Why this person cannot approve now, whatever they have read: asked before the window opens, too. */
export function cannotApprove(
  request: RecoveryRequest,
  by: Person,
  seen: Seen,
  terms: Terms,
): Refusal | undefined {
  const { participants } = seen
  const { policy } = terms
  const why = cannotDecide(request, by, seen, terms)
  if (why !== undefined) return why
  if (countsAlready(request, by, participants, terms)) return 'already-approved'
  return cannotStillAsk(request, { participants }, policy)
}

/**
 * Whether they have approved, and another approval of theirs would stand for nobody who is missing. It
 * may where the first was given under another of their accounts, or where who stands for whom has
 * changed since.
 */
function countsAlready(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  terms: Terms,
): boolean {
  if (approvalsBy(request, by, participants, terms.policy).length === 0) return false
  const stillMissed = missingWith(request, by, participants, terms)
  return request.missing.every((id) => stillMissed.includes(id))
}

/** Of whom one still has to approve once this person has, whatever they gave before. */
function missingWith(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  terms: Terms,
): readonly string[] {
  const others = approvalsByOthers(request, by, participants, terms.policy)
  const givers = others.flatMap((each) => participants.get(each.by) ?? [])
  return stillMissing(request, [...givers, by], terms)
}

/** Whether it was, or is, one of the accounts that attackers want most. */
export function isPrivileged(request: RecoveryRequest, policy: Policy): boolean {
  return request.privileged === true || findTier(policy, request.tier)?.privileged === true
}

/** What an approver of a privileged account types: its name as it is shown, or the end of its id where it has none. */
export function nameToType(request: RecoveryRequest): string {
  const name = oneLine(request.seen.name)
  const isName = folded(name) !== '' && withoutAddresses(name) === name && !name.includes('*')
  return isName && name.length <= longestName ? name : idToType(request)
}

/** The end of the account's id: no other account of that name has it, and everybody can type it. */
export function idToType({ account }: RecoveryRequest): string {
  return account.sub.slice(-6)
}

// Nobody types more than this without copying it, and then it proves nothing.
const longestName = 60

function names(request: RecoveryRequest, typed: string): boolean {
  const said = folded(typed)
  const names = [nameToType(request), idToType(request)]
  return said !== '' && names.some((name) => folded(name) === said)
}

/** Nobody has read a request in a second: whoever confirms that fast has only clicked. */
function isTooSoon({ since }: ApproveFacts, { policy, now }: Terms): boolean {
  if (policy.minimumReadingTimeMs === 0) return false
  return since === undefined || now < after(since, policy.minimumReadingTimeMs)
}

/**
 * The ids of the users and groups of whom one still has to approve: by the policy that the request was
 * opened under, and by today's. A user group that today's no longer names has nobody in it, and
 * whoever has just come into one does not stand for it yet.
 */
export function stillMissing(
  { tier, from = [] }: Pick<RecoveryRequest, 'tier' | 'from'>,
  approvers: readonly Person[],
  { policy, now }: Terms,
): readonly string[] {
  const { from: fromToday = [], newMembersWaitMs = 0 } = findTier(policy, tier) ?? {}
  const inTime = approvers.map((one) => settled(one, newMembersWaitMs, now))
  const then = missingFrom(policy, { from }, inTime).map(({ id }) => id)
  const today = missingFrom(policy, { from: fromToday }, inTime)
  return [...then, ...today.map(({ id }) => id).filter((id) => !then.includes(id))]
}

/** The approvals whose givers may still decide, one for each human being, and who gave them. */
export function validApprovals(
  request: RecoveryRequest,
  known: Known,
  terms: Terms,
): { readonly approvals: readonly Approval[]; readonly givers: readonly Person[] } {
  const { policy } = terms
  const givers: Person[] = []
  const approvals = request.approvals.filter(({ by }) => {
    const giver = known.participants.get(by)
    if (giver === undefined) return false
    if (whyNotApprover(request, giver, known, terms) !== undefined) return false
    if (givers.some((other) => isSamePerson(policy, giver, other))) return false
    givers.push(giver)
    return true
  })
  return { approvals, givers }
}

/** As many as when the request was opened, or as many as the policy asks for today, if that is more. */
export function approvalsNeeded(request: RecoveryRequest, policy: Policy): number {
  return Math.max(request.approvalsNeeded, findTier(policy, request.tier)?.approvals ?? 0)
}
