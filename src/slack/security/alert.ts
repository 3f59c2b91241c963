/** The message that calls security: what happened, who should look, and where it stands in the ledger. */

import type { KnownBlock } from '@slack/types'
import type { ChainedEntry } from '../../audit/entry.ts'
import { readEntry } from '../../audit/recorded-entry.ts'
import type { Policy } from '../../policy/policy.ts'
import { resumeRecoveries, unfreezeAccount } from '../buttons.ts'
import { readPause } from '../inbound/button-value.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { actions, section } from '../kit/blocks.ts'
import { auditPost } from '../outbound/audit-post.ts'
import { text } from '../text/text.ts'

export function alert(chained: ChainedEntry, policy: Pick<Policy, 'security'>): MessageBody {
  const post = auditPost(chained)
  const call = text.security.call(policy.security)
  return {
    text: `${call}\n${post.text}`,
    blocks: [section(call), ...post.blocks, ...remedies(chained)],
  }
}

/** What can be done about it at once. */
function remedies(chained: ChainedEntry): KnownBlock[] {
  const entry = readEntry(chained.entry)
  if (entry.type === 'recovery.paused') {
    const since = readPause(entry.data.since)
    return since === undefined ? [] : actions([resumeRecoveries({ since })])
  }
  if (entry.type !== 'owner.reported' || entry.request === null || entry.version === null) return []
  return actions([unfreezeAccount({ id: entry.request, version: entry.version })])
}
