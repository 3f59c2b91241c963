/** A ledger told in few words: what is left out of an entry is as an honest one has it. */

import { chain, emptyHead } from '../../src/audit/chain.ts'
import type { ChainedEntry, Entry, EntryBody } from '../../src/audit/entry.ts'
import type { ApprovalsAsked } from '../../src/audit/replay/recorded-request.ts'
import { Replay } from '../../src/audit/replay/replay.ts'
import { personId, type RequestId, subOf } from '../../src/ids.ts'
import { later, minute, noon } from './examples.ts'

export const told = {
  id: 'REQ-0000000001' as RequestId,
  target: { userPoolId: 'us-west-2_aaaaaaaaa', sub: subOf('11111111-1111-4111-8111-111111111111') },
  policy: 'a'.repeat(64),
}

/** Who: a person's id in Slack, or Rekey. */
type By = 'rekey' | `U${string}`

export type Said = readonly [
  type: EntryBody['type'],
  by: By,
  data?: EntryBody['data'],
  differs?: Partial<EntryBody & { readonly minutes: number }>,
]

/** Each in its place, a second after the one before, and in the next version where it moves the request. */
export function ledgerOf(said: readonly Said[]): ChainedEntry[] {
  const entries: ChainedEntry[] = []
  let version = 0
  for (const [type, by, data = {}, { minutes, ...differs } = {}] of said) {
    const last = entries.at(-1)
    const head = last === undefined ? emptyHead : { seq: last.entry.seq, hash: last.hash }
    if (!still.includes(type)) version += 1
    const body: EntryBody = {
      type,
      actor: by === 'rekey' ? { kind: 'rekey' } : { kind: 'person', id: personId(by) },
      request: alone.includes(type) ? null : told.id,
      version: alone.includes(type) ? null : version,
      target: alone.includes(type) ? null : told.target,
      policy: told.policy,
      data,
      ...differs,
    }
    const at = minutes === undefined ? later(entries.length * 1_000) : later(minutes * minute)
    entries.push(chain(head, body, at))
  }
  return entries
}

const alone: readonly string[] = ['recovery.paused', 'recovery.resumed', 'rekey.started']
const still: readonly string[] = [
  ...alone,
  'decision.refused',
  'approval.opened',
  'effect.duplicate',
  'freeze.lifted',
  'requests.repeated',
  'limit.cleared',
  'owner.told',
]

/** The same entries with hashes that fit, as whoever has the database in their hands makes them. */
export function rechained(entries: readonly Entry[]): ChainedEntry[] {
  const made: ChainedEntry[] = []
  for (const { time, v: _, seq: __, prev: ___, ...body } of entries) {
    const last = made.at(-1)
    const head = last === undefined ? emptyHead : { seq: last.entry.seq, hash: last.hash }
    made.push(chain(head, body, new Date(time)))
  }
  return made
}

export const opened = (differs: EntryBody['data'] = {}): Said => [
  'request.opened',
  'U0ADA',
  {
    method: 'temporary-password',
    tier: 'standard',
    approvalsNeeded: 1,
    expiresAt: later(30 * minute).toISOString(),
    owner: 'U0JANE',
    ...differs,
  },
]

export const approvedBy = (
  by: By,
  approvals = 1,
  needed = 1,
  more: EntryBody['data'] = {},
): Said => [
  'request.approved',
  by,
  { approvals, approvalsNeeded: needed, complete: approvals >= needed, ...more },
]

export const intended = (attempt = 1, differs: EntryBody['data'] = {}): Said => [
  'effect.intended',
  'rekey',
  { effect: 'EFF-1', deed: 'temporary-password', attempt, fence: attempt, ...differs },
]

export const settled = (type: EntryBody['type'], differs: EntryBody['data'] = {}): Said => [
  type,
  'rekey',
  { effect: 'EFF-1', deed: 'temporary-password', attempt: 1, ...differs },
]

export const noonAt = noon.toISOString()

export const untouched: ApprovalsAsked = () => undefined
export const approved = [opened(), approvedBy('U0GRACE')]
export const executing = [...approved, intended()]
export const executed = [...executing, settled('effect.confirmed')]
export const revealing: Said = ['secret.revealing', 'U0ADA']
export const signOut = (attempt: number): Said =>
  intended(attempt, { effect: 'EFF-2', deed: 'sign-out', fence: attempt })
export const owner = (stateBefore: string): Said => [
  'owner.reported',
  'U0JANE',
  { stateBefore, method: 'temporary-password', passwordUsed: false },
]
export const paused: Said = ['recovery.paused', 'U0PRIYA', { reason: 'Look', since: noonAt }]
export const resumed: Said = ['recovery.resumed', 'U0PRIYA', { pausedMinutes: 1, reason: 'Look' }]
export const code = (...said: readonly Said[]) => [opened({ method: 'recovery-code' }), ...said]
export const codeIntended = (attempt = 1, effect = 'EFF-1') =>
  intended(attempt, { effect, deed: 'recovery-code' })
export const undecided = (effect = 'EFF-1') =>
  settled('effect.undecided', { effect, deed: 'recovery-code' })

/** Reads it as far as it follows. */
export function read(said: readonly Said[], asked = untouched) {
  const replay = new Replay(asked)
  for (const { entry } of ledgerOf(said)) {
    const fault = replay.next(entry)
    if (fault !== undefined) return { replay, fault }
  }
  return { replay, fault: undefined }
}
