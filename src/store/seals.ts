/** What binds the database to the operator's key: made with every commit, and checked before the next. */

import type { Kysely } from 'kysely'
import type { RequestId } from '../ids.ts'
import { DatabaseAltered, RecordAltered } from '../recovery/ports/altered.ts'
import type { RowSealer } from '../sealing/row-sealer.ts'
import {
  type Aggregate,
  lockAggregate,
  readAggregate,
  type StoredAggregate,
  sealedContent,
} from './aggregate.ts'
import type { LockedHead } from './head.ts'
import type { Holds } from './holds.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'

export class Seals {
  readonly #sealer: RowSealer | undefined
  /** The highest place that this process has seen: a head that is behind it was put back. */
  #highest = 0

  /** @param sealer undefined for whoever only reads, and has no key */
  constructor(sealer: RowSealer | undefined) {
    this.#sealer = sealer
  }

  ofRequest(aggregate: Aggregate): string {
    return this.#keyed().seal('request', sealedContent(aggregate))
  }

  isSealed(aggregate: StoredAggregate): boolean {
    return this.#keyed().fits('request', sealedContent(aggregate), aggregate.stored.seal)
  }

  /** @throws RecordAltered when somebody else has changed anything of it */
  expectSealed(aggregate: StoredAggregate): void {
    if (!this.isSealed(aggregate)) throw new RecordAltered(aggregate.stored.id)
  }

  /**
   * The request and what belongs to it, as Rekey itself has stored it.
   * @throws RecordAltered when somebody else has changed anything of it
   */
  async find(db: Kysely<Tables>, id: RequestId): Promise<StoredAggregate | undefined> {
    const read = await readAggregate(db, id)
    if (read === undefined || this.#sealer === undefined || this.isSealed(read)) return read
    // It may only have moved on between two statements: under its lock, it cannot.
    return await db.transaction().execute(async (trx) => {
      const locked = await lockAggregate(trx, id)
      if (locked !== undefined) this.expectSealed(locked)
      return locked
    })
  }

  /** What every seal of today's key begins with. */
  get prefix(): string {
    return this.#keyed().prefix
  }

  /** Whether something may be sealed with a key from before. */
  get hasFormer(): boolean {
    return this.#keyed().hasFormer
  }

  ofHead(head: HeadContent, holds: Holds): string {
    return this.#keyed().seal('head', headContent(head, holds))
  }

  isHeadSealed(head: HeadContent & Pick<LockedHead, 'seal'>, holds: Holds): boolean {
    return this.#keyed().fits('head', headContent(head, holds), head.seal)
  }

  /** @throws DatabaseAltered when the head, or what holds recoveries up, is not as Rekey left it */
  expectHead(head: Omit<LockedHead, 'firstPlace'>, holds: Holds): void {
    if (head.seq < this.#highest)
      throw new DatabaseAltered(text.altered.putBack(this.#highest, head.seq))
    if (!this.#keyed().knows(head.seal)) throw new DatabaseAltered(text.altered.otherKey)
    if (!this.isHeadSealed(head, holds)) throw new DatabaseAltered(text.altered.head)
    this.saw(head.seq)
  }

  /** That the ledger has come so far. */
  saw(seq: number): void {
    this.#highest = Math.max(this.#highest, seq)
  }

  #keyed(): RowSealer {
    if (this.#sealer === undefined)
      throw new Error('the store was opened without a key: nothing can be stored or checked')
    return this.#sealer
  }
}

export type HeadContent = Pick<LockedHead, 'seq' | 'hash' | 'policy'>

function headContent({ seq, hash, policy }: HeadContent, holds: Holds): object {
  return { seq, hash, policy, ...holds }
}
