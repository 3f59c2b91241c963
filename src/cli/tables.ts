/** The tables against the ledger: what Rekey acts by has to be what was written down. */

import type { RecordedRequest } from '../audit/replay/recorded-request.ts'
import type { Replay } from '../audit/replay/replay.ts'
import type { RequestId } from '../ids.ts'
import { approvalsByTier } from '../policy/stored.ts'
import type { RowsThen, StoredPolicy, StoredRequest } from '../recovery/ports/rows.ts'
import { differences } from '../recovery/rules/agreement.ts'
import { text } from './text/text.ts'

/** @param replay of every entry up to that moment. @returns a sentence for each thing that differs */
export async function unlikeLedger(then: RowsThen, replay: Replay): Promise<readonly string[]> {
  const faults: string[] = []
  const seen = new Set<RequestId>()
  for await (const stored of then.requests()) {
    seen.add(stored.id)
    faults.push(...unlikeRecorded(stored, replay.requests.get(stored.id)))
  }
  for (const { id } of replay.requests.values())
    if (!seen.has(id)) faults.push(text.tables.requestGone(id))
  for (const effect of await then.strayEffects()) faults.push(text.tables.strayEffect(effect))
  return [...faults, ...(await pauseFaults(then, replay)), ...(await freezeFaults(then, replay))]
}

/** What each policy asked for, as far as the table is to be believed; and a sentence where it is not. */
export function policiesAsked(stored: readonly StoredPolicy[]) {
  const asked = new Map(
    stored.map(({ hash, meaning }) => [hash, approvalsByTier(hash, meaning)] as const),
  )
  return {
    asked: (policy: string, tier: string) => asked.get(policy)?.get(tier),
    faults: [...asked].flatMap(([hash, tiers]) =>
      tiers === undefined ? [text.tables.otherPolicy(hash)] : [],
    ),
  }
}

function unlikeRecorded(
  { id, rows }: StoredRequest,
  recorded: RecordedRequest | undefined,
): readonly string[] {
  if (recorded === undefined) return [text.tables.neverOpened(id)]
  if (rows === undefined) return [text.tables.unreadable(id)]
  return differences(rows.request, recorded, rows.effects).map((each) =>
    text.tables.differs(id, each),
  )
}

async function pauseFaults(then: RowsThen, { pause }: Replay): Promise<readonly string[]> {
  const stored = await then.pause()
  const table = stored && [stored.since, stored.by, stored.reason].join(' ')
  const ledger = pause && [Date.parse(pause.since), pause.by, pause.reason].join(' ')
  if (table === ledger) return []
  return [text.tables.otherPause(stored !== undefined, pause?.since)]
}

async function freezeFaults(then: RowsThen, { freezes }: Replay): Promise<readonly string[]> {
  const stored = await then.freezes()
  const table = stored.map(({ userPoolId, sub, until, request }) =>
    text.tables.freeze({ userPoolId, sub }, until, request),
  )
  const ledger = freezes.map(({ target, until, request }) =>
    text.tables.freeze(target, until, request),
  )
  return [
    ...table.filter((each) => !ledger.includes(each)).map(text.tables.freezeNotWritten),
    ...ledger.filter((each) => !table.includes(each)).map(text.tables.freezeGone),
  ]
}
