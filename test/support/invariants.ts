/** What must hold of a world and its ledger once everything has come to rest, whatever happened before. */

import type { World } from '../../sandbox/world/world.ts'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import { type RecordedEntry, readEntry } from '../../src/audit/recorded-entry.ts'
import { verify } from '../../src/audit/verify.ts'
import { isPublic } from '../../src/audit/visibility.ts'
import { type Method, methods } from '../../src/policy/method.ts'
import { unlikeItsSchema } from './entry-schema.ts'
import { notFollowing } from './replayed.ts'
import { witnesses } from './story/reading.ts'

type Entries = readonly { readonly entry: RecordedEntry }[]

/**
 * I7 is looked for by canary-watch.ts at the end of each journey and each crash, I10 by the clock in the
 * model test; I11 is what each story itself is about. Limits (I8) are other tests' business.
 *
 * @returns every sentence about what is not as it must be
 */
export function brokenInvariants(world: World, ledger: readonly ChainedEntry[]): string[] {
  const entries = ledger.map(({ entry }) => ({ entry: readEntry(entry) }))
  return [
    ...chain(ledger, witnesses(world)),
    ...ledger.flatMap(({ entry }) => unlikeItsSchema(entry)),
    ...notFollowing(ledger),
    ...versions(entries),
    ...effects(world, entries),
    ...approvals(entries),
    ...ends(entries),
    ...posts(world, ledger),
    ...standing(entries),
    ...showings(entries),
    ...underWay(entries),
    ...owners(entries),
  ]
}

function chain(ledger: readonly ChainedEntry[], seen: ReturnType<typeof witnesses>): string[] {
  const verdict = verify(ledger, seen)
  return verdict.kind === 'intact' ? [] : [`I5: entry ${verdict.seq}: ${verdict.because}`]
}

// These say what somebody tried or read, and move nothing.
const still = [
  'decision.refused',
  'approval.opened',
  'requests.repeated',
  'limit.cleared',
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

/**
 * I1 and I3: nothing reached Cognito that was not written down first, no message went out twice for one
 * effect, and one effect has one password.
 */
function effects({ cognito }: World, entries: Entries): string[] {
  const deeds = new Map(
    entries.flatMap(({ entry }) =>
      entry.type === 'effect.intended' ? [[entry.data.effect, entry.data.deed]] : [],
    ),
  )
  const faults: string[] = []
  const sent = new Map<string, number>()
  const passwords = new Map<string, Set<string>>()
  for (const { operation, effect, userAgent, passwordHashes } of cognito.calls) {
    const id = /rekey-effect\/(\S+)/.exec(userAgent)?.[1]
    // Owners send themselves codes, too.
    if (operation === 'ForgotPassword' && id === undefined) continue
    if (!writes.includes(operation)) continue
    const deed = deeds.get(id ?? '')
    if (id === undefined || deed === undefined) {
      faults.push(`I1: ${operation} was called without a word in the ledger`)
      continue
    }
    if (effect === 'done' && sends.includes(operation)) sent.set(id, (sent.get(id) ?? 0) + 1)
    const hash = passwordHashes['Password']
    // What makes a password useless is another one each time.
    if (hash !== undefined && isMethod(deed))
      passwords.set(id, (passwords.get(id) ?? new Set()).add(hash))
  }
  for (const [effect, codes] of sent)
    if (codes > 1) faults.push(`I3: ${effect} sent ${codes} codes`)
  for (const [effect, different] of passwords)
    if (different.size > 1) faults.push(`I3: ${effect} has ${different.size} passwords`)
  return faults
}

const sends = ['AdminResetUserPassword', 'ForgotPassword', 'AdminCreateUser']
const writes = [...sends, 'AdminSetUserPassword', 'AdminUserGlobalSignOut']

/** I2: before the first intent of a request there are as many approvals as it says it needs, by others, in time. */
function approvals(entries: Entries): string[] {
  const opened = new Map<string, { needed: number; by: string; until: string }>()
  const given = new Map<string, Set<string>>()
  return entries.flatMap(({ entry }) => {
    const id = entry.request ?? ''
    const by = entry.actor.kind === 'person' ? entry.actor.id : 'rekey'
    if (entry.type === 'request.opened')
      opened.set(id, {
        needed: entry.data.approvalsNeeded ?? Number.POSITIVE_INFINITY,
        by,
        until: entry.data.expiresAt ?? '',
      })
    const isInTime = entry.time < (opened.get(id)?.until ?? '')
    if (entry.type === 'request.approved' && isInTime)
      given.set(id, (given.get(id) ?? new Set()).add(by))
    if (entry.type === 'approvals.voided') given.delete(id)
    if (entry.type !== 'effect.intended' || !isMethod(entry.data.deed)) return []
    const others = [...(given.get(id) ?? [])].filter((approver) => approver !== opened.get(id)?.by)
    return others.length >= (opened.get(id)?.needed ?? Number.POSITIVE_INFINITY)
      ? []
      : [`I2: ${id} was carried out with ${others.length} approvals`]
  })
}

function isMethod(deed: unknown): deed is Method {
  return methods.some((method) => method === deed)
}

/** I4: what has come to its end moves no more, but for what the owner's report still takes back. */
function ends(entries: Entries): string[] {
  const ended = new Set<string>()
  return entries.flatMap(({ entry }) => {
    if (entry.request === null || still.includes(entry.type)) return []
    const isLate = ended.has(entry.request) && !isTakenBack(entry)
    if (isOver(entry)) ended.add(entry.request)
    return isLate ? [`I4: ${entry.request} has moved after its end: ${entry.type}`] : []
  })
}

function isTakenBack({ type, data }: RecordedEntry): boolean {
  const isSignOut = 'deed' in data && data.deed === 'sign-out'
  return type === 'owner.reported' || type === 'sessions.revoked' || isSignOut
}

/** Whether it is the last thing that can be said of a request. */
function isOver(entry: RecordedEntry): boolean {
  const isEnd = [
    'request.denied',
    'request.withdrawn',
    'request.expired',
    'request.failed',
    'request.recovered',
    'request.lapsed',
    'secret.scrambled',
    'recovery.misused',
  ].includes(entry.type)
  return isEnd || (entry.type === 'effect.refused' && entry.data.deed !== 'sign-out')
}

/** Whether its outcome is known: another request for the account may follow. */
function isKnown(entry: RecordedEntry): boolean {
  const isDone = ['effect.confirmed', 'effect.observed'].includes(entry.type)
  const isWord = entry.type === 'attention.resolved' && entry.data.verdict !== 'send-again'
  const isReport =
    entry.type === 'owner.reported' &&
    ['pending', 'approved', 'needs-attention'].includes(String(entry.data.stateBefore))
  return isDone || isWord || isReport || isOver(entry)
}

/** I8: one account, one open request. */
function standing(entries: Entries): string[] {
  const open = new Map<string, string>()
  return entries.flatMap(({ entry }) => {
    if (entry.request === null || entry.target === null) return []
    const account = `${entry.target.userPoolId} ${entry.target.sub}`
    const other = open.get(account)
    if (entry.type === 'request.opened') open.set(account, entry.request)
    if (isKnown(entry) && other === entry.request) open.delete(account)
    return entry.type === 'request.opened' && other !== undefined
      ? [`I8: ${entry.request} was opened while ${other} was open`]
      : []
  })
}

/** I10: nothing is under way any more. */
function underWay(entries: Entries): string[] {
  const going = new Map<string, string>()
  for (const { entry } of entries) {
    if (entry.request === null) continue
    if (entry.type === 'effect.intended' && isMethod(entry.data.deed))
      going.set(entry.request, entry.type)
    if (isKnown(entry) || entry.type === 'effect.undecided') going.delete(entry.request)
  }
  return [...going.keys()].map((id) => `I10: ${id} is still being carried out`)
}

/** I12: whoever owns the account was told what was done, or Slack has refused it. */
function owners(entries: Entries): string[] {
  const reachable = entries
    .filter(({ entry }) => entry.type === 'request.opened' && entry.data.ownerReach === 'slack')
    .map(({ entry }) => entry.request)
  const requestsOf = (is: (entry: RecordedEntry) => boolean) =>
    new Set(entries.flatMap(({ entry }) => (is(entry) ? [entry.request] : [])))
  const done = requestsOf(({ type }) => ['effect.confirmed', 'effect.observed'].includes(type))
  const told = requestsOf(
    ({ type, data }) =>
      (type === 'owner.told' || type === 'owner.not-told') && data.about === 'outcome',
  )
  return reachable
    .filter((id) => done.has(id) && !told.has(id))
    .map((id) => `I12: nobody has told the owner of ${id}`)
}

/** I6: everything public was posted, once. */
function posts(world: World, entries: readonly ChainedEntry[]): string[] {
  const seqs = witnesses(world).map(({ seq }) => seq)
  const missing = entries
    .filter(({ entry }) => isPublic(entry) && !seqs.includes(entry.seq))
    .map(({ entry }) => `I6: entry ${entry.seq} (${entry.type}) was never posted`)
  const twice = seqs.filter((seq, at) => seqs.indexOf(seq) !== at)
  return [...missing, ...twice.map((seq) => `I6: entry ${seq} was posted twice`)]
}

/** I9: a password is shown once, to whoever asked for it. */
function showings(entries: Entries): string[] {
  const shown = entries.filter(({ entry }) => entry.type === 'secret.revealed')
  const ids = shown.map(({ entry }) => entry.request)
  const twice = ids
    .filter((id, at) => ids.indexOf(id) !== at)
    .map((id) => `I9: ${id} was shown twice`)
  const asked = new Map(
    entries
      .filter(({ entry }) => entry.type === 'request.opened')
      .map(({ entry }) => [entry.request, JSON.stringify(entry.actor)]),
  )
  const others = shown
    .filter(({ entry }) => asked.get(entry.request) !== JSON.stringify(entry.actor))
    .map(({ entry }) => `I9: ${entry.request} was shown to somebody who had not asked`)
  return [...twice, ...others]
}
