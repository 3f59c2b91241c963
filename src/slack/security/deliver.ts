/** The outbox's job for security: calling them because of a ledger entry. */

import { isAlarming } from '../../audit/visibility.ts'
import type { Handlers } from '../../outbox/outbox.ts'
import type { Policy } from '../../policy/policy.ts'
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
  return {
    'post-alert': async ({ seq }, job) => {
      const chained = await ledger.entry(seq)
      if (chained === undefined || !isAlarming(chained.entry)) return notOurs
      const message = {
        key: messageKey({ kind: 'alert', seq }),
        channel: policy().channels.alerts,
        card: alert(chained, policy()),
        searchable: true,
      }
      return poster.say(message, job)
    },
  }
}
