/** The services, put together over one context. */

import type { Policy } from '../../policy/policy.ts'
import type { PasswordSealer } from '../../sealing/password-sealer.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { RateLimiter } from '../ports/rate-limiter.ts'
import { Context, type ContextDeps } from './context.ts'
import { DecisionService } from './decisions.ts'
import { Executor, type ExecutorDeps } from './executor.ts'
import { FollowUpWorker } from './follow-up-worker.ts'
import type { GroupWatch } from './group-watch.ts'
import { Journal } from './journal.ts'
import { OutcomeService } from './outcomes.ts'
import { ProtectionService } from './protection.ts'
import type { RecordGuard } from './record-guard.ts'
import { RequestService } from './requests.ts'
import { SessionRevoker } from './session-revoker.ts'
import { WaitingWorker } from './waiting-worker.ts'

/** What people can do, by what they come for; and the policy under which they do. */
export interface Services {
  readonly requests: RequestService
  readonly decisions: DecisionService
  readonly outcomes: OutcomeService
  readonly protection: ProtectionService
  readonly journal: Journal
  /** The one in force at this moment: it can change while Rekey runs. */
  readonly policy: () => Policy
}

/** What Rekey does by itself, as its jobs come due. */
export interface Workers {
  readonly executor: Executor
  readonly sessionRevoker: SessionRevoker
  readonly followUpWorker: FollowUpWorker
  readonly waitingWorker: WaitingWorker
  readonly groupWatch: GroupWatch
  /** What stops a request that somebody else has changed. */
  readonly guard: RecordGuard
}

export interface ServicesDeps extends ContextDeps, ExecutorDeps {
  readonly rateLimiter: RateLimiter
  readonly accounts: Accounts
  readonly sealer: PasswordSealer
}

/** Everything that recovery does, for one Rekey. */
export function createServices(deps: ServicesDeps): Services & Workers {
  const context = new Context(deps)
  const { accounts } = deps
  const journal = new Journal(context)
  return {
    policy: context.policy,
    journal,
    requests: new RequestService(context, { ...deps, journal }),
    decisions: new DecisionService(context),
    outcomes: new OutcomeService(context, deps),
    protection: new ProtectionService(context),
    executor: new Executor(context, deps),
    sessionRevoker: new SessionRevoker(context, accounts),
    followUpWorker: new FollowUpWorker(context, accounts),
    waitingWorker: new WaitingWorker(context),
    groupWatch: context.groupWatch,
    guard: context.guard,
  }
}
