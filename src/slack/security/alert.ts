/** The message that calls security: what happened, who should look, and where it stands in the ledger. */

import type { KnownBlock } from '@slack/types'
import type { ChainedEntry } from '../../audit/entry.ts'
import { readEntry } from '../../audit/recorded-entry.ts'
import type { Policy } from '../../policy/policy.ts'
import { auditPost } from '../auditor/audit-post.ts'
import { buttonValue, readPause } from '../inbound/button-value.ts'
import type { Card } from '../kit/blocks.ts'
import { button, section } from '../kit/blocks.ts'
import { principals } from '../kit/lists.ts'
import { resumeBlock } from '../overview/request-list.ts'

export const unfreezeAction = 'recovery.thaw'

export function alert(chained: ChainedEntry, policy: Pick<Policy, 'security'>): Card {
  const { text, blocks } = auditPost(chained)
  const call = `${principals(policy.security)}: please look.`
  return { text: `${call}\n${text}`, blocks: [section(call), ...blocks, ...remedies(chained)] }
}

/** What can be done about it at once. */
function remedies(chained: ChainedEntry): KnownBlock[] {
  const entry = readEntry(chained.entry)
  if (entry.type === 'recovery.paused') {
    const since = readPause(entry.data.since)
    return since === undefined ? [] : [resumeBlock({ since })]
  }
  if (entry.type !== 'owner.reported' || entry.request === null || entry.version === null) return []
  const value = buttonValue({ id: entry.request, version: entry.version })
  const unfreeze = button('Let this account be recovered again', unfreezeAction, value)
  return [{ type: 'actions', elements: [unfreeze] }]
}
