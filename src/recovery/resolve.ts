/** When looking has not settled what a call did, a person says what became of it. */

import type { Policy } from '../policy/policy.ts'
import { mayRequest } from '../policy/who.ts'
import { noSay, type Parties } from './authority.ts'
import { entryFor, person, refuse, tellAll } from './change.ts'
import type { Change, Decision } from './decision.ts'
import type { Effect } from './effect.ts'
import { executed } from './execute.ts'
import type { Person } from './ports.ts'
import type { Executed, Executing, Failed, NeedsAttention, RecoveryRequest } from './request.ts'

/** `worked`: the owner has what they need. `not-worked`: nothing came of it, and a new request may follow. */
export type Verdict = 'worked' | 'not-worked'

/**
 * Ends the uncertainty about a request that needs attention. Its requester may say so, who talks
 * with the owner, and whoever has a say in it. Nothing is called: another try is another request,
 * approved anew.
 */
export function resolve(
  request: RecoveryRequest,
  by: Person,
  parties: Parties,
  verdict: Verdict,
  effect: Effect | undefined,
  policy: Policy,
  now: Date,
): Decision<Executed | Failed> {
  const asked = by.id === request.requestedBy && by.member && mayRequest(policy, by)
  if (!asked && noSay(request, by, parties, policy, now) !== undefined) {
    return refuse(request, 'resolve', by.id, policy, 'not-an-approver')
  }
  if (request.state !== 'needs-attention' || effect === undefined) {
    return refuse(request, 'resolve', by.id, policy, 'already-decided')
  }
  const change =
    verdict === 'worked' ? worked(request, effect, policy, now) : notWorked(request, now)
  const entry = entryFor(change.request, 'attention.resolved', person(by.id), policy, { verdict })
  return { kind: 'moved', change: { ...change, entry } }
}

type Untold<Request extends RecoveryRequest> = Omit<Change<Request>, 'entry'>

/** From here on it goes as if Cognito had answered, but a password that was made is gone. */
function worked(
  request: NeedsAttention,
  effect: Effect,
  policy: Policy,
  now: Date,
): Untold<Executed> {
  const { because: _, since: __, ...rest } = request
  const executing: Executing = { ...rest, state: 'executing' }
  const { change } = executed(executing, effect, 'person', undefined, policy, now)
  const { password } = change.request
  return {
    ...change,
    request: { ...change.request, password: password === 'sealed' ? 'burnt' : password },
  }
}

function notWorked(request: NeedsAttention, now: Date): Untold<Failed> {
  const { because: _, since: __, ...rest } = request
  const next: Failed = {
    ...rest,
    version: request.version + 1,
    state: 'failed',
    failedAt: now,
    failure: { kind: 'no-answer', name: 'ReportedByPerson' },
  }
  return { request: next, jobs: tellAll(next, now) }
}
