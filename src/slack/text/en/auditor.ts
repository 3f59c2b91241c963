/** What auditors read in the audit channel. */

import { auditSentence } from './auditor-entries.ts'

export const auditor = {
  entry: auditSentence,
  /** Above what people wrote. */
  reason: 'Reason',
  comment: 'Comment',
  checkpoint: (entries: number) =>
    `Checkpoint of the ledger, entries 1 to ${entries}: whoever has the key can check it.`,
  duplicate: 'Posted twice by mistake: this is a duplicate.',
}
