/** What must hold of a world and its ledger once everything has come to rest, whatever happened before. */

import type { World } from '../../sandbox/world.ts'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import { isPublic } from '../../src/audit/public.ts'
import { verify } from '../../src/audit/verify.ts'
import { type Method, methods } from '../../src/policy/method.ts'
import { witnesses } from '../journeys/story.ts'

type Entries = readonly ChainedEntry[]

/** @returns every sentence about what is not as it must be */
export function brokenInvariants(world: World, entries: Entries): string[] {
  return [
    ...chain(entries, witnesses(world)),
    ...versions(entries),
    ...effects(world, entries),
    ...approvals(entries),
    ...posts(world, entries),
    ...showings(entries),
  ]
}

function chain(entries: Entries, seen: ReturnType<typeof witnesses>): string[] {
  const verdict = verify(entries, seen)
  return verdict.kind === 'intact' ? [] : [`I5: entry ${verdict.seq}: ${verdict.because}`]
}

// These say what somebody tried or read, and move nothing.
const still = [
  'decision.refused',
  'approval.opened',
  'effect.duplicate',
  'request.reminded',
  'owner.told',
  'owner.not-told',
]

/** I5: every version of a request has its own entry, and none has two. */
function versions(entries: Entries): string[] {
  const faults: string[] = []
  const last = new Map<string, number>()
  for (const { entry } of entries) {
    if (entry.request === null || entry.version === null || still.includes(entry.type)) continue
    const expected = (last.get(entry.request) ?? 0) + 1
    if (entry.version !== expected && entry.type !== 'request.escalated')
      faults.push(`I5: ${entry.request} has no entry of its own for version ${expected}`)
    last.set(entry.request, entry.version)
  }
  return faults
}

/** I1 and I3: nothing reached Cognito that was not written down first, and no code went out twice. */
function effects({ cognito }: World, entries: Entries): string[] {
  const intended = new Set(
    entries
      .filter(({ entry }) => entry.type === 'effect.intended')
      .map(({ entry }) => String(entry.data['effect'])),
  )
  const faults: string[] = []
  const sent = new Map<string, number>()
  for (const { operation, effect, userAgent } of cognito.calls) {
    if (!writes.includes(operation)) continue
    const [, id = ''] = /rekey-effect\/(\S+)/.exec(userAgent) ?? []
    if (!intended.has(id)) faults.push(`I1: ${operation} was called without a word in the ledger`)
    if (effect === 'done' && operation === 'AdminResetUserPassword')
      sent.set(id, (sent.get(id) ?? 0) + 1)
  }
  for (const [effect, codes] of sent)
    if (codes > 1) faults.push(`I3: ${effect} sent ${codes} codes`)
  return faults
}

const writes = [
  'AdminResetUserPassword',
  'AdminSetUserPassword',
  'AdminUserGlobalSignOut',
  'AdminCreateUser',
]

/** I2: before the first intent of a request there are as many approvals as it says it needs, by others. */
function approvals(entries: Entries): string[] {
  const opened = new Map<string, { needed: number; by: string }>()
  const given = new Map<string, Set<string>>()
  return entries.flatMap(({ entry }) => {
    const id = entry.request ?? ''
    const by = entry.actor.kind === 'person' ? entry.actor.id : 'rekey'
    if (entry.type === 'request.opened')
      opened.set(id, { needed: Number(entry.data['approvalsNeeded']), by })
    if (entry.type === 'request.approved') given.set(id, (given.get(id) ?? new Set()).add(by))
    if (entry.type === 'approvals.voided') given.delete(id)
    if (entry.type !== 'effect.intended' || !isMethod(entry.data['deed'])) return []
    const others = [...(given.get(id) ?? [])].filter((approver) => approver !== opened.get(id)?.by)
    return others.length >= (opened.get(id)?.needed ?? Number.POSITIVE_INFINITY)
      ? []
      : [`I2: ${id} was carried out with ${others.length} approvals`]
  })
}

function isMethod(deed: unknown): deed is Method {
  return methods.some((method) => method === deed)
}

/** I6: everything public was posted, once. */
function posts(world: World, entries: Entries): string[] {
  const seqs = witnesses(world).map(({ seq }) => seq)
  const missing = entries
    .filter(({ entry }) => isPublic(entry) && !seqs.includes(entry.seq))
    .map(({ entry }) => `I6: entry ${entry.seq} (${entry.type}) was never posted`)
  const twice = seqs.filter((seq, at) => seqs.indexOf(seq) !== at)
  return [...missing, ...twice.map((seq) => `I6: entry ${seq} was posted twice`)]
}

/** I9 */
function showings(entries: Entries): string[] {
  const shown = entries.filter(({ entry }) => entry.type === 'secret.revealed')
  const ids = shown.map(({ entry }) => entry.request)
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `I9: ${id} was shown twice`)
}
