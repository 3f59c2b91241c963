/** What must hold after every step, whatever happened. The numbers are those of docs/promises.md. */

import type { ChainedEntry } from '../../../src/audit/entry.ts'
import type { EntryType } from '../../../src/audit/entry-data.ts'
import { type RecordedData, readEntry } from '../../../src/audit/recorded-entry.ts'
import { Replay } from '../../../src/audit/replay/replay.ts'
import { Check } from '../../../src/audit/verify.ts'
import { unlikeLedger } from '../../../src/cli/tables.ts'
import type { RequestId } from '../../../src/ids.ts'
import { requestId } from '../../../src/ids.ts'
import { methods } from '../../../src/policy/method.ts'
import { unlikeItsSchema } from '../../support/entry-schema.ts'
import type { SmallWorld } from '../../support/small-world/small-world.ts'
import type { Reference } from './reference.ts'

/** Entries that say what somebody tried or read: they move nothing. */
const still: ReadonlySet<EntryType> = new Set([
  'decision.refused',
  'approval.opened',
  'requests.repeated',
  'limit.cleared',
  'effect.duplicate',
  'owner.told',
  'owner.not-told',
])

const done = ['executed', 'recovered', 'lapsed']

const looksPerTable = 10

/** How often each kind of entry was written, over all worlds: what the commands have reached. */
export const reached = new Map<EntryType, number>()

/** Reads along with the ledger, so that each step costs only what it has added. */
export class Watch {
  readonly #check = new Check([])
  readonly #replay = new Replay(() => undefined)
  readonly #versions = new Map<RequestId, number>()
  #read = 0
  #looks = 0
  #isPaused = false

  /** @returns every sentence about what is not as it must be */
  async look(world: SmallWorld, reference: Reference): Promise<readonly string[]> {
    const faults: string[] = []
    for await (const chained of world.ledger.entries(this.#read + 1)) {
      faults.push(...this.#follow(chained))
      const id = requestId(chained.entry.request ?? '')
      if (chained.entry.type === 'request.opened' && id !== undefined) await adopt(id)
    }
    for (const { id } of [...reference.requests]) await adopt(id)
    faults.push(...(await this.#unlikeLedger(world)))
    return [...faults, ...approvalsOf(reference), ...onePerAccount(reference), ...calls(world)]

    async function adopt(id: RequestId): Promise<void> {
      const request = await world.store.find(id)
      const fault = request && reference.adopt(request)
      if (fault !== undefined) faults.push(`I4: ${fault}`)
    }
  }

  /** F2. It reads every row, so not at each step. */
  async #unlikeLedger(world: SmallWorld): Promise<readonly string[]> {
    this.#looks += 1
    if (this.#looks % looksPerTable !== 0) return []
    const unlike = await world.rows.atOneMoment((then) => unlikeLedger(then, this.#replay))
    return unlike.map((fault) => `F2: ${fault}`)
  }

  /** I5: the chain is whole, and every version of a request has its one entry. */
  #follow(chained: ChainedEntry): string[] {
    const entry = readEntry(chained.entry)
    const broken = this.#check.next(chained)
    this.#read = entry.seq
    reached.set(entry.type, (reached.get(entry.type) ?? 0) + 1)
    const faults = unlikeItsSchema(chained.entry)
    const fault = this.#replay.next(chained.entry)
    if (fault !== undefined) faults.push(`F2: entry ${fault.seq}, ${entry.type}: ${fault.because}`)
    if (broken?.kind === 'broken') faults.push(`I5: entry ${broken.seq}: ${broken.because}`)
    if (entry.type === 'recovery.paused') this.#isPaused = true
    if (entry.type === 'recovery.resumed') this.#isPaused = false
    if (this.#isPaused && entry.type === 'effect.intended' && isMethod(entry.data.deed))
      faults.push(`T21: ${entry.request} was begun in a pause`)
    const id = requestId(entry.request ?? '')
    if (id === undefined || entry.version === null || still.has(entry.type)) return faults
    const expected = (this.#versions.get(id) ?? 0) + 1
    this.#versions.set(id, entry.version)
    return entry.version === expected
      ? faults
      : [...faults, `I5: ${id} has no entry of its own for version ${expected}`]
  }
}

function isMethod(deed: RecordedData<'effect.intended'>['deed']): boolean {
  return methods.some((method) => method === deed)
}

/** I2: nothing is carried out that was not approved by enough others, in time. */
function approvalsOf({ requests }: Reference): string[] {
  return requests.flatMap((request) => {
    if (request.state !== 'executing' && !done.includes(request.state)) return []
    const { approvals, approvalsNeeded, requestedBy, owner, expiresAt } = request
    const good = approvals.filter(
      ({ by, at }) => by !== requestedBy && by !== owner && at < expiresAt,
    )
    const people = new Set(good.map(({ by }) => by))
    return people.size >= approvalsNeeded && good.length === approvals.length
      ? []
      : [`I2: ${request.id} is ${request.state} with ${people.size} approvals that count`]
  })
}

/** I8 */
function onePerAccount(reference: Reference): string[] {
  const subs = reference.requests.map(({ account }) => account.sub)
  return [...new Set(subs)].flatMap((sub) => {
    const open = reference.requests.filter(
      (each) => each.account.sub === sub && reference.openFor(sub) && isOpen(each.state),
    )
    return open.length > 1 ? [`I8: ${open.map(({ id }) => id)} are open for one account`] : []
  })
}

function isOpen(state: string): boolean {
  return ['pending', 'approved', 'executing', 'needs-attention'].includes(state)
}

/** I1, I3 and I9. */
function calls({ cognito, shown }: SmallWorld): string[] {
  const faults = cognito.unannounced.map(
    ({ kind, effect }) => `I1: ${kind} was called for ${effect} without a word in the ledger`,
  )
  for (const [effect, made] of Map.groupBy(cognito.made, (call) => call.effect)) {
    const codes = made.filter(({ kind }) => kind === 'reset' || kind === 'recovery-code').length
    if (codes > 1) faults.push(`I3: ${effect} sent ${codes} codes`)
    const passwords = new Set(
      made.flatMap(({ kind, password }) => (kind === 'scramble' ? [] : (password ?? []))),
    )
    if (passwords.size > 1) faults.push(`I3: ${effect} set ${passwords.size} different passwords`)
  }
  if (new Set(shown).size < shown.length) faults.push('I9: a password was shown twice')
  return faults
}
