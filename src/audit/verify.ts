/** Whether a chain still tells what was written, and if not, from where on it doesn't. */

import { emptyHead, type Head, hashOf } from './chain.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { ChainedEntry, Entry } from './entry.ts'
import { MerkleTree } from './merkle.ts'
import { isRefusal } from './refusals.ts'
import { text } from './text/text.ts'
import { isPublic } from './visibility.ts'

export type Verdict = { readonly kind: 'intact'; readonly head: Head } | Broken

export interface Broken {
  readonly kind: 'broken'
  /** The first entry that is not as it was. */
  readonly seq: number
  readonly because: string
}

/** A head seen by an outside witness, such as a post in the audit channel; the hash may be its beginning only. */
export type Witness = Head

/** What was read of a channel from end to end, such as its export. */
export interface Shown {
  /** The entries whose posts it shows. */
  readonly seqs: ReadonlySet<number>
  /** Those whose posts are old enough for every post before them to be shown too, unless it is gone. */
  readonly settled: ReadonlySet<number>
  /** The one that was posted first: what is older Slack itself may have forgotten. */
  readonly from: number
}

/** What a checkpoint signs, once its signature was checked. */
export type Signed = Pick<Checkpoint, 'size' | 'root'>

/**
 * Recomputes every hash in order and compares the heads that witnesses have seen. A chain that
 * was rewritten whole is intact in itself: only a witness can tell, so give as many as there are.
 */
export function verify(
  entries: Iterable<ChainedEntry>,
  witnesses: readonly Witness[] = [],
): Verdict {
  const check = new Check(witnesses)
  for (const chained of entries) {
    const fault = check.next(chained)
    if (fault !== undefined) return fault
  }
  return check.end()
}

/** Thrown where an entry cannot be read: to whoever verifies, it is the first bad one. */
export class UnreadableEntry extends Error {
  override readonly name = 'UnreadableEntry'
  readonly seq: number

  constructor(seq: number, because: string, cause?: unknown) {
    super(text.entry(seq, because), { cause })
    this.seq = seq
  }
}

/** One walk along the chain, an entry at a time, so that a ledger of any length can be checked. */
export class Check {
  readonly #witnesses: readonly Witness[]
  readonly #seen: ReadonlyMap<number, readonly string[]>
  readonly #checkpoints: readonly Signed[]
  readonly #tree = new MerkleTree()
  readonly #unposted: readonly Unposted[]
  #head: Head = emptyHead

  constructor(
    witnesses: readonly Witness[],
    checkpoints: readonly Signed[] = [],
    shown: readonly Shown[] = [],
  ) {
    this.#checkpoints = checkpoints
    this.#unposted = shown.map((each) => new Unposted(each))
    this.#witnesses = witnesses
    const seen = new Map<number, string[]>()
    for (const { seq, hash } of witnesses) seen.set(seq, [...(seen.get(seq) ?? []), hash])
    this.#seen = seen
  }

  /** What is wrong with this entry in this place; undefined if nothing is. */
  next({ entry, hash }: ChainedEntry): Broken | undefined {
    const place = this.#head.seq + 1
    if (entry.seq !== place) return broken(place, text.missing(place, entry.seq))
    if (entry.prev !== this.#head.hash) return broken(place, text.unchained)
    if (hashOf(entry) !== hash) return broken(place, text.otherContent)
    const differs = this.#seen.get(place)?.some((witnessed) => !hash.startsWith(witnessed))
    if (differs) return broken(place, text.otherHash)
    this.#tree.push(hash)
    if (!this.#isAsSigned(place)) return broken(place, text.otherRoot)
    this.#head = { seq: place, hash }
    for (const unposted of this.#unposted) unposted.next(entry)
    return undefined
  }

  end(): Verdict {
    const head = this.#head
    const last = this.#witnesses.reduce((most, { seq }) => Math.max(most, seq), 0)
    if (last > head.seq) return broken(head.seq + 1, text.endsBeforeWitnessed(last))
    const signed = this.#checkpoints.reduce((most, { size }) => Math.max(most, size), 0)
    if (signed > head.seq) return broken(head.seq + 1, text.endsBeforeSigned(signed))
    return first(this.#unposted.flatMap((each) => each.verdict() ?? [])) ?? { kind: 'intact', head }
  }

  #isAsSigned(size: number): boolean {
    const here = this.#checkpoints.filter((checkpoint) => checkpoint.size === size)
    if (here.length === 0) return true
    const root = this.#tree.root().toString('base64')
    return here.every((checkpoint) => checkpoint.root === root)
  }
}

/** Of several faults, the one that is furthest back. */
export function first(faults: readonly Broken[]): Broken | undefined {
  return faults.toSorted((one, other) => one.seq - other.seq)[0]
}

/**
 * The entries that were posted once and are in the channel no more. Posts go out in the order of their
 * entries, refusals in an order of their own; so whatever lies before a post that is there was posted.
 */
class Unposted {
  readonly #shown: Shown
  #waiting: Readonly<Record<'audit' | 'refusals', number[]>> = { audit: [], refusals: [] }
  readonly #gone: number[] = []

  constructor(shown: Shown) {
    this.#shown = shown
  }

  next(entry: Entry): void {
    const { seq } = entry
    const { seqs, settled, from } = this.#shown
    if (seq < from || !isPublic(entry)) return
    const lane = isRefusal(entry) ? 'refusals' : 'audit'
    if (!seqs.has(seq)) return void this.#waiting[lane].push(seq)
    if (!settled.has(seq)) return
    this.#gone.push(...this.#waiting[lane])
    this.#waiting = { ...this.#waiting, [lane]: [] }
  }

  verdict(): Broken | undefined {
    const [seq, ...more] = this.#gone.toSorted((one, other) => one - other)
    return seq === undefined ? undefined : broken(seq, text.postGone(more.length))
  }
}

export function broken(seq: number, because: string): Broken {
  return { kind: 'broken', seq, because }
}
