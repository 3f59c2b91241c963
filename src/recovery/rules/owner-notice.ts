/** What came of telling an account's owner in Slack. */

import type { EntryDraft } from '../../audit/entry.ts'
import { drawCard, entryFor, rekey } from '../model/drafts.ts'
import type { OwnerTold, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { NoticeOutcome } from '../ports/store.ts'

/** An entry with what is kept beside the request; the request stays in its version. */
export interface OwnerNotice {
  readonly entry: EntryDraft
  readonly extras: NoticeOutcome
}

/** What a message to the owner is about: that somebody asks, or what was done. */
export type NoticeTopic = 'request' | 'outcome'

/** Slack has taken the message to the owner, or has definitely refused it. */
export function ownerTold(
  request: RecoveryRequest,
  about: NoticeTopic,
  told: OwnerTold,
  { policy, now }: Terms,
): OwnerNotice {
  const entry =
    'at' in told
      ? entryFor(request, rekey, policy, { type: 'owner.told', about })
      : entryFor(request, rekey, policy, { type: 'owner.not-told', about, error: told.refused })
  return {
    entry,
    extras: { kind: 'owner-told', request: request.id, told, jobs: [drawCard(request, now)] },
  }
}
