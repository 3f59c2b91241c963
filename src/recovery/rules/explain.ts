/**
 * Who could do what, and why not, without doing it. It asks the very rules that decide, so that an
 * answer here is what would happen there.
 */

import type { RequestId } from '../../ids.ts'
import type { MemberWait } from '../../policy/membership.ts'
import { type Method, methods } from '../../policy/method.ts'
import type { IdentityCheck, Policy, Tier } from '../../policy/policy.ts'
import type { Refusal } from '../model/decision.ts'
import type { Pending } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { approvalsNeeded, stillMissing } from './approve.ts'
import { checksOf, tierOfAccount } from './eligibility.ts'
import { type Application, type OpenFacts, open, requestFor } from './open.ts'
import { cannotDecide, type Participants, waitOf } from './rights.ts'

/** What the policy says of an account and of whoever would ask for it. */
export interface Explanation {
  readonly tier: Tier
  readonly methods: readonly MethodVerdict[]
  /** The identity checks that the requester may choose from. */
  readonly checks: readonly IdentityCheck[]
  /** Everybody who was asked about, whether they could decide on a request of this requester's. */
  readonly approvers: readonly ApproverVerdict[]
  readonly approvalsNeeded: number
  /** Of whom one each has to be among them. */
  readonly from: readonly string[]
}

/** Whether a request by this method could be opened. */
export interface MethodVerdict {
  readonly method: Method
  /** Why not; absent where it is open. */
  readonly why?: Refusal
}

/** Whether this person could decide on it. */
export interface ApproverVerdict {
  readonly person: Person
  readonly why?: Refusal
  /** Until when they have to wait, where they have come into a group lately. */
  readonly wait?: MemberWait
}

/** Facts of a request that nobody has opened; `id` is none of the store's. */
export type SupposedFacts = Omit<OpenFacts, 'id'>

const nobodysRequest = 'REQ-0000000000' as RequestId

/**
 * What would become of a request for this account by this person, and who could decide on it now.
 */
export function explain(facts: SupposedFacts, terms: Terms): Explanation {
  const { policy, now } = terms
  const tier = tierOfAccount(policy, facts.account, now)
  const verdicts = methods.map((method) => methodVerdict(method, facts, tier, terms))
  const request = supposed(facts, tier, terms)
  const participants: Participants = new Map(
    [facts.by, facts.owner].flatMap((one) => (one === undefined ? [] : [[one.id, one] as const])),
  )
  return {
    tier,
    methods: verdicts,
    checks: checksOf(policy, tier),
    approvers: facts.approvers.map((person) => {
      const why = cannotDecide(
        request,
        person,
        { participants, seenVersion: request.version },
        terms,
      )
      const wait = why === 'new-member' ? waitOf(request, person, terms) : undefined
      return { person, ...(why && { why }), ...(wait && { wait }) }
    }),
    approvalsNeeded: approvalsNeeded(request, policy),
    from: stillMissing(request, [], terms),
  }
}

function methodVerdict(
  method: Method,
  facts: SupposedFacts,
  tier: Tier,
  terms: Terms,
): MethodVerdict {
  const { policy } = terms
  const asked = open(flawless(method, facts, tier, policy), { ...facts, id: nobodysRequest }, terms)
  return asked.kind === 'refused' ? { method, why: asked.why } : { method }
}

/** An application that nothing can be said against but who asks, for which account, by which method. */
function flawless(
  method: Method,
  { account }: SupposedFacts,
  tier: Tier,
  policy: Policy,
): Application {
  const [check] = checksOf(policy, tier)
  const evidence = check?.evidence
  return {
    pool: account.ref.pool,
    sub: account.ref.sub,
    method,
    reason: 'What if?',
    ticket: policy.ticket.example,
    identityCheck: check?.id ?? '',
    evidence:
      evidence?.kind === 'source' ? (evidence.options[0] ?? '') : (evidence?.form.example ?? ''),
  }
}

/** The request as it would stand, so that the rules about deciding can be asked about it. */
function supposed(facts: SupposedFacts, tier: Tier, terms: Terms): Pending {
  const { policy } = terms
  const [method = 'reset'] = tier.methods
  const [check] = checksOf(policy, tier)
  if (check === undefined) throw new Error(`the tier ${tier.name} has no identity check`)
  const application = flawless(method, facts, tier, policy)
  return requestFor(application, { ...facts, id: nobodysRequest }, { tier, check }, terms)
}
