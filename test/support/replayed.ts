/** Whether every entry of an honest ledger follows from those before it. */

import type { ChainedEntry } from '../../src/audit/entry.ts'
import type { ApprovalsAsked } from '../../src/audit/replay/recorded-request.ts'
import { Replay } from '../../src/audit/replay/replay.ts'

/** @returns a sentence about the first entry that does not follow; otherwise nothing */
export function notFollowing(ledger: readonly ChainedEntry[], asked?: ApprovalsAsked): string[] {
  const replay = new Replay(asked)
  for (const { entry } of ledger) {
    const fault = replay.next(entry)
    if (fault !== undefined) return [`F2: entry ${fault.seq}, ${entry.type}: ${fault.because}`]
  }
  return []
}
