/** The tables against the ledger: what Rekey acts by has to be what was written down. */

import { keepsPassword, type RecordedRequest } from '../audit/replay/recorded-request.ts'
import type { RecordedGroup, Replay } from '../audit/replay/replay.ts'
import type { EffectId, RequestId } from '../ids.ts'
import { approvalsByTier } from '../policy/stored.ts'
import type { RowsThen, StoredGroup, StoredPolicy, StoredRequest } from '../recovery/ports/rows.ts'
import { differences } from '../recovery/rules/agreement.ts'
import { text } from './text/text.ts'

/** @param replay of every entry up to that moment. @returns a sentence for each thing that differs */
export async function unlikeLedger(then: RowsThen, replay: Replay): Promise<readonly string[]> {
  const head = await then.headSeal()
  // One key for all: where it is another, every row would say so.
  if (head === 'other-key') return [text.tables.otherKey]
  const faults: string[] = []
  const seen = new Set<RequestId>()
  for await (const stored of then.requests()) {
    seen.add(stored.id)
    faults.push(...unlikeRecorded(stored, replay.requests.get(stored.id)))
    if (stored.seal === 'altered' || stored.seal === 'other-key')
      faults.push(text.tables.sealBroken(stored.id))
  }
  for (const { id } of replay.requests.values())
    if (!seen.has(id)) faults.push(text.tables.requestGone(id))
  for (const { table, request } of await then.strays())
    faults.push(text.tables.stray(table, request))
  return [
    ...faults,
    ...(await pauseFaults(then, replay)),
    ...(await freezeFaults(then, replay)),
    ...(await groupFaults(then, replay)),
    ...(head === 'altered' ? [text.tables.headAltered] : []),
  ]
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
    missing: ({ policies }: Replay) =>
      [...policies].filter((hash) => !asked.has(hash)).map(text.tables.policyGone),
  }
}

function unlikeRecorded(
  { id, rows, passwords }: StoredRequest,
  recorded: RecordedRequest | undefined,
): readonly string[] {
  if (recorded === undefined) return [text.tables.neverOpened(id)]
  if (rows === undefined) return [text.tables.unreadable(id)]
  return [
    ...differences(rows.request, recorded, rows.effects).map((each) =>
      text.tables.differs(id, each),
    ),
    ...passwordFaults(passwords, recorded),
  ]
}

function passwordFaults(
  passwords: readonly EffectId[],
  recorded: RecordedRequest,
): readonly string[] {
  const { id, effect } = recorded
  const kept = keepsPassword(recorded) ? effect : undefined
  const isMissing = kept !== undefined && !passwords.includes(kept)
  return [
    ...(isMissing ? [text.tables.passwordGone(id)] : []),
    ...passwords.filter((each) => each !== kept).map((each) => text.tables.strayPassword(id, each)),
  ]
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

/** As far as entries name who came and went, and count who is there. */
async function groupFaults(then: RowsThen, { groups }: Replay): Promise<readonly string[]> {
  const stored = new Map((await then.groups()).map((each) => [each.group, each]))
  const unlike = [...new Set([...groups.keys(), ...stored.keys()])].filter(
    (group) => !isAsRecorded(stored.get(group), groups.get(group)),
  )
  return unlike.map(text.tables.otherGroup)
}

function isAsRecorded(
  stored: StoredGroup | undefined,
  recorded: RecordedGroup | undefined,
): boolean {
  if (stored?.members === undefined || recorded === undefined) return false
  const { members } = stored
  return (
    members.size === recorded.members &&
    (recorded.isGone ?? stored.isGone) === stored.isGone &&
    // Nobody who came has been in it from the beginning.
    [...recorded.came].every((id) => (members.get(id) ?? 0) > 0) &&
    ![...recorded.went].some((id) => members.has(id))
  )
}
