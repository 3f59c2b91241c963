/** The outbox's job for security: calling them because of a ledger entry. */

import { isAlarming } from '../../audit/visibility.ts'
import type { Handlers } from '../../outbox/outbox.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Job, Progress } from '../../recovery/model/job.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
import { messageKey } from '../outbound/message-keys.ts'
import type { Poster } from '../outbound/poster.ts'
import { notOurs } from '../outbound/stored.ts'
import { alert } from './alert.ts'

export interface SecurityDeliveryDeps {
  readonly ledger: Pick<Ledger, 'entry'>
  readonly poster: Poster
  readonly policy: () => Policy
}

export function deliverToSecurity({
  ledger,
  poster,
  policy,
}: SecurityDeliveryDeps): Pick<Handlers, 'post-alert'> {
  let last: Promise<unknown> = Promise.resolve()
  const call = async (seq: number, job: Job): Promise<Progress> => {
    const chained = await ledger.entry(seq)
    if (chained === undefined || !isAlarming(chained.entry)) return notOurs
    const message = {
      key: messageKey({ kind: 'alert', seq }),
      channel: policy().channels.alerts,
      card: alert(chained, policy()),
      marks: { alert: seq, entry: chained.hash },
      oneByMarks: true as const,
      searchable: true,
    }
    return poster.say(message, job)
  }
  return {
    // One at a time: the job, and the watch that calls where it has not.
    'post-alert': ({ seq }, job) => {
      const mine = last.then(() => call(seq, job))
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
