/** Whether every entry of an honest ledger follows from those before it, and the tables say the same. */

import type { ChainedEntry } from '../../src/audit/entry.ts'
import type { ApprovalsAsked } from '../../src/audit/replay/recorded-request.ts'
import { Replay } from '../../src/audit/replay/replay.ts'
import { policiesAsked, unlikeLedger } from '../../src/cli/tables.ts'
import type { OpenStore } from '../../src/store/open.ts'

/** @returns a sentence about the first entry that does not follow; otherwise nothing */
export function notFollowing(ledger: readonly ChainedEntry[], asked?: ApprovalsAsked): string[] {
  const replay = new Replay(asked)
  for (const { entry } of ledger) {
    const fault = replay.next(entry)
    if (fault !== undefined) return [`F2: entry ${fault.seq}, ${entry.type}: ${fault.because}`]
  }
  return []
}

/** @returns a sentence for each thing in the tables that no entry says; of the policies, only what they asked */
export async function unlikeItsLedger({ rows }: Pick<OpenStore, 'rows'>): Promise<string[]> {
  const { asked } = policiesAsked(await rows.policies())
  return rows.atOneMoment(async (then) => {
    const replay = new Replay(asked)
    for await (const { entry } of then.entries(1)) {
      const fault = replay.next(entry)
      if (fault !== undefined) return [`F2: entry ${fault.seq}, ${entry.type}: ${fault.because}`]
    }
    return (await unlikeLedger(then, replay)).map((fault) => `F2: ${fault}`)
  })
}
