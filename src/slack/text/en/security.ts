/** What the people for security read besides what the ledger says. Mrkdwn. */

import type { Principal } from '../../../policy/policy.ts'
import { principals } from './lists.ts'

export const security = {
  call: (named: readonly Principal[]) => `${principals(named)}: please look.`,
  unfrozen: 'The account can be recovered again.',
}
