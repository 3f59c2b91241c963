/** Which service does which job. */

import type { CheckpointSigner } from './audit/checkpoint-signer.ts'
import type { Handlers } from './outbox/outbox.ts'
import type { Job, Progress, Task } from './recovery/model/job.ts'
import { hourlyCheckpointLane } from './recovery/model/lanes.ts'
import { RecordAltered } from './recovery/ports/altered.ts'
import type { Workers } from './recovery/services/services.ts'
import type { ChannelReconciler } from './slack/auditor/channel-reconciler.ts'
import { deliveries } from './slack/delivery.ts'
import type { Witnessing } from './witness/witnessing.ts'

export interface JobHandlersDeps {
  readonly workers: Workers
  readonly checkpointSigner: CheckpointSigner
  readonly witnessing: Witnessing
  readonly reconciler: ChannelReconciler
  readonly monthReconciler: ChannelReconciler
  readonly delivery: Parameters<typeof deliveries>[0]
}

export function jobHandlers(deps: JobHandlersDeps): Handlers {
  const { checkpointSigner, witnessing, reconciler, monthReconciler } = deps
  return guarded(deps.workers.guard, {
    ...recoveryJobs(deps.workers),
    'sign-checkpoint': (_, { lane }) => checkpointSigner.sign(lane === hourlyCheckpointLane),
    'show-witness': ({ witness }, job) => witnessing.show(witness, job),
    'reconcile-audit': () => reconciler.reconcile(),
    'reconcile-month': () => monthReconciler.reconcile(),
    ...deliveries(deps.delivery),
  })
}

/** Whatever is about a request that somebody else has changed is done by what the ledger says of it. */
export function guarded<Some extends Partial<Handlers>>(
  guard: Workers['guard'],
  handlers: Some,
): Some {
  const each = Object.entries(handlers) as [string, (task: Task, job: Job) => Promise<Progress>][]
  const stopping = each.map(([kind, handle]) => [
    kind,
    async (task: Task, job: Job): Promise<Progress> => {
      try {
        return await handle(task, job)
      } catch (error) {
        if (!(error instanceof RecordAltered)) throw error
        if (!(await guard.stop(error))) return { kind: 'done' }
        return await handle(task, job)
      }
    },
  ])
  return Object.fromEntries(stopping) as Some
}

/** The jobs that take a request further. */
export function recoveryJobs(workers: Workers) {
  const { executor, sessionRevoker, followUpWorker, waitingWorker, groupWatch } = workers
  return {
    execute: ({ request }) => executor.execute(request),
    'check-addresses': ({ request }) => followUpWorker.checkAddresses(request),
    'revoke-sessions': ({ request }) => sessionRevoker.revoke(request),
    'burn-password': ({ request }) => followUpWorker.burnPassword(request),
    'follow-up': ({ request }) => followUpWorker.followUp(request),
    expire: ({ request }) => waitingWorker.expire(request),
    remind: ({ request, round }) => waitingWorker.remind(request, round),
    escalate: ({ request }) => waitingWorker.escalate(request),
    'look-at-groups': () => groupWatch.lookAgain(),
    'see-who-is-left': ({ request }) => waitingWorker.seeWhoIsLeft(request),
  } satisfies Partial<Handlers>
}
