/** Opening a request: may this person ask for this method, for this account, with this evidence? */

import type { RequestId, Sub } from '../../ids.ts'
import { lineOf, settled } from '../../policy/membership.ts'
import type { Method } from '../../policy/method.ts'
import type { IdentityCheck, Policy, Tier } from '../../policy/policy.ts'
import { matches, withoutAddresses } from '../../policy/text-form.ts'
import { byPerson, isSamePerson, mayDecide, mayRequest, missingFrom } from '../../policy/who.ts'
import type { Account, AccountAsSeen } from '../model/account.ts'
import type { Decision, Moved, Refusal, Refused } from '../model/decision.ts'
import {
  accountLimitUse,
  after,
  countsTowards,
  entryFor,
  entryWithout,
  job,
  lookWhoIsLeft,
  moved,
  nextLook,
  pairLimitUse,
  person,
  tellAll,
} from '../model/drafts.ts'
import type { JobDraft } from '../model/job.ts'
import { escalationLane, expiryLane, remindLane } from '../model/lanes.ts'
import type { Freeze } from '../model/pause.ts'
import type { Pending, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { availabilityUnder, checksOf, provesCheck, tierOfAccount } from './eligibility.ts'

/** What a requester fills in. */
export interface Application {
  readonly pool: string
  readonly sub: Sub
  readonly method: Method
  readonly reason: string
  readonly ticket: string
  readonly identityCheck: string
  /** What shows that the check was made, in the form that the policy asks of it. */
  readonly evidence: string
  /** The message in Slack that asked for help, where the request began with one. */
  readonly source?: string
}

/** What has to be looked up before the rule can be asked. */
export interface OpenFacts {
  readonly id: RequestId
  readonly by: Person
  readonly account: Account
  /** The owner among the people in Slack, if they are one. */
  readonly owner: Person | undefined
  /** Everybody whom the account's tier names as an approver, sooner or later. */
  readonly approvers: readonly Person[]
  /** The owner has said that somebody else is at work. */
  readonly freeze: Freeze | undefined
  /** The request that already stands for this account. */
  readonly openRequest: RecoveryRequest | undefined
}

/** Opens a request, in version 1, waiting for approval until the policy's time is up. */
export function open(application: Application, facts: OpenFacts, terms: Terms): Decision<Pending> {
  const examined = examine(application, facts, terms)
  if (typeof examined === 'string') return refused(application, facts, examined, terms.policy)
  const { tier, check, words } = examined
  const request = requestFor({ ...application, ...words }, facts, { tier, check }, terms)
  return opened(request, facts.by, tier, terms)
}

/** An application that nothing can be said against, with the tier and the check that it comes under. */
interface Sound {
  readonly tier: Tier
  readonly check: IdentityCheck
  /** What was written, as it may be shown. */
  readonly words: Pick<Application, 'reason' | 'ticket' | 'evidence'>
}

/** Whether it can be opened: what it comes under, or why not. */
function examine(
  application: Application,
  facts: OpenFacts,
  { policy, now }: Terms,
): Sound | Refusal {
  const { account, by, owner } = facts
  if (!by.member || !mayRequest(policy, by)) return 'not-a-requester'
  if (owner !== undefined && isSamePerson(policy, by, owner)) return 'own-account'
  const tier = tierOfAccount(policy, account, now)
  if (facts.freeze !== undefined) return 'account-frozen'
  const offered = availabilityUnder(tier, account)[application.method]
  if (!offered.open) return 'method-closed'
  const check = checksOf(policy, tier).find(({ id }) => id === application.identityCheck)
  if (check === undefined) return 'check-unknown'
  const evidence = withoutAddresses(application.evidence)
  if (evidence === '') return 'evidence-missing'
  if (!provesCheck(check, evidence)) return 'evidence-malformed'
  const reason = withoutAddresses(application.reason)
  if (reason === '') return 'reason-missing'
  const ticket = withoutAddresses(application.ticket)
  if (ticket === '') return 'ticket-missing'
  if (!matches(policy.ticket, ticket)) return 'ticket-malformed'
  if (facts.openRequest !== undefined) return 'request-open'
  if (!canBeDecided(tier, facts, { policy, now })) return 'nobody-can-decide'
  return { tier, check, words: { reason, ticket, evidence } }
}

function opened(request: Pending, by: Person, tier: Tier, terms: Terms): Moved<Pending> {
  const { policy, now } = terms
  const { requestedBy, account, identityCheck } = request
  const line = lineOf(policy.requesters, by)
  const entry = entryFor(request, person(requestedBy), policy, {
    type: 'request.opened',
    ...(line === undefined ? {} : { heldBy: line.id }),
    method: request.method,
    tier: request.tier,
    approvalsNeeded: request.approvalsNeeded,
    status: request.seen.status,
    reason: request.reason,
    ticket: request.ticket,
    identityCheck: identityCheck.id,
    identityCheckLabel: identityCheck.label,
    evidence: identityCheck.evidence.value,
    ...(request.source === undefined ? {} : { source: request.source }),
    expiresAt: request.expiresAt.toISOString(),
    ownerReach: request.ownerReach ?? 'not-in-slack',
    ...(request.owner === undefined ? {} : { owner: request.owner }),
  })
  const jobs = [
    ...tellAll(request, now),
    ...attention(request, tier, terms),
    lookWhoIsLeft(request, nextLook(request, now)),
    job({ kind: 'expire', request: request.id }, expiryLane(request.id), request.expiresAt),
  ]
  const consumes = [
    countsTowards(policy, 'requestsPerRequester', requestedBy),
    accountLimitUse(policy, account),
    pairLimitUse(policy, account, requestedBy),
    countsTowards(policy, 'requestsOverall', 'all'),
  ]
  return moved(request, entry, jobs, { consumes })
}

function refused(
  { method }: Application,
  { by, account, openRequest }: OpenFacts,
  why: Refusal,
  policy: Policy,
): Refused {
  const content = { type: 'open.refused', why, method, account: account.name } as const
  const entry = entryWithout(person(by.id), policy, content, account.ref)
  const met = openRequest === undefined ? {} : { request: openRequest }
  return { kind: 'refused', why, entry, ...met }
}

/** The request as it stands once it is opened. */
export function requestFor(
  application: Application,
  { id, by, account, owner }: OpenFacts,
  { tier, check }: { readonly tier: Tier; readonly check: IdentityCheck },
  { policy, now }: Terms,
): Pending {
  const { method, reason, ticket, evidence, source } = application
  return {
    id,
    version: 1,
    pendingSince: 1,
    state: 'pending',
    account: account.ref,
    seen: asSeen(account, method),
    method,
    tier: tier.name,
    approvalsNeeded: tier.approvals,
    policy: policy.hash,
    requestedBy: by.id,
    ...(owner === undefined ? {} : { owner: owner.id }),
    ownerReach: reachOf(owner, account),
    reason,
    ticket,
    identityCheck: {
      id: check.id,
      label: check.label,
      evidence: { label: check.evidence.label, value: evidence },
    },
    ...(source === undefined ? {} : { source }),
    ...(tier.privileged ? { privileged: true } : {}),
    openedAt: now,
    expiresAt: after(now, policy.requestExpiresAfterMs),
    approvals: [],
    ...(tier.from.length === 0 ? {} : { from: tier.from }),
    missing: tier.from.map((principal) => principal.id),
  }
}

/** Whether there are enough people who could decide before it expires, now or after the escalation. */
export function canBeDecided(
  tier: Tier,
  { by, owner, approvers }: Pick<OpenFacts, 'by' | 'owner' | 'approvers'>,
  { policy, now }: Terms,
): boolean {
  const expiry = after(now, policy.requestExpiresAfterMs)
  const inTime = approvers.map((one) => settled(one, tier.newMembersWaitMs, expiry))
  const able = inTime.filter(
    (one) =>
      one.member &&
      mayDecide(tier, one, Infinity) &&
      !isSamePerson(policy, one, by) &&
      !(owner !== undefined && isSamePerson(policy, one, owner)),
  )
  const enough = byPerson(policy, able).length >= tier.approvals
  return enough && missingFrom(policy, tier, able).length === 0
}

function reachOf(owner: Person | undefined, account: Account): NonNullable<Pending['ownerReach']> {
  if (owner?.member !== true) return 'not-in-slack'
  return account.ownerEmailVerified === true ? 'slack' : 'not-verified'
}

/** When to look whether those who can decide have to be called. */
function attention(request: Pending, tier: Tier, { policy, now }: Terms): JobDraft[] {
  const { id } = request
  const { afterMs, times } = policy.reminders
  const reminder = job(
    { kind: 'remind', request: id, round: 1 },
    remindLane(id),
    after(now, afterMs),
  )
  const { escalation } = tier
  return [
    ...(times > 0 ? [reminder] : []),
    ...(escalation === undefined
      ? []
      : [
          job(
            { kind: 'escalate', request: id },
            escalationLane(id),
            after(now, escalation.afterMs),
          ),
        ]),
  ]
}

function asSeen(account: Account, method: Method): AccountAsSeen {
  const offered = account.availability[method]
  const { name, status, contacts, addresses, groups, modifiedAt, temporaryPasswordDays } = account
  const destination = offered.open ? offered.destination : undefined
  return {
    name,
    status,
    contacts,
    groups,
    modifiedAt,
    temporaryPasswordDays,
    ...(addresses === undefined ? {} : { addresses }),
    ...(destination === undefined ? {} : { destination }),
  }
}
