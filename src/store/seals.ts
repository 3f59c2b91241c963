/** What binds the database to the operator's key: made with every commit, and checked before the next. */

import type { Selectable } from 'kysely'
import { DatabaseAltered, RecordAltered } from '../recovery/ports/altered.ts'
import type { SealCheck } from '../recovery/ports/rows.ts'
import type { RowSealer, SealedKind } from '../sealing/row-sealer.ts'
import { type Aggregate, type StoredAggregate, sealedContent } from './aggregate.ts'
import type { LockedHead } from './head.ts'
import type { Holds } from './holds.ts'
import type { RequestTable } from './tables.ts'
import { text } from './text/text.ts'

export class Seals {
  readonly #sealer: RowSealer | undefined
  /** The highest place that this process has seen: a head that is behind it was put back. */
  #highest = 0

  /** @param sealer undefined for whoever only reads, and has no key */
  constructor(sealer: RowSealer | undefined) {
    this.#sealer = sealer
  }

  /** Whether it can be told what Rekey itself has stored. */
  get hasKey(): boolean {
    return this.#sealer !== undefined
  }

  /** Where the ledger has been seen to end. Whoever reads as of a moment asks before that moment. */
  get highest(): number {
    return this.#highest
  }

  ofRequest(aggregate: Aggregate): string {
    return this.#keyed().seal('request', sealedContent(aggregate))
  }

  isSealed(aggregate: StoredAggregate): boolean {
    return this.#fits('request', sealedContent(aggregate), aggregate.stored.seal)
  }

  /** @throws RecordAltered when somebody else has changed anything of it */
  expectSealed(aggregate: StoredAggregate): void {
    if (!this.isSealed(aggregate)) throw new RecordAltered(aggregate.stored.id)
  }

  /** For whoever only looks, with a key or without one. */
  checkRequest(aggregate: StoredAggregate): SealCheck {
    return this.#check(aggregate.stored.seal, () => this.isSealed(aggregate))
  }

  checkHead(head: HeadContent & Pick<LockedHead, 'seal'>, holds: Holds): SealCheck {
    return this.#check(head.seal, () => this.isHeadSealed(head, holds))
  }

  /** What every seal of today's key begins with. */
  get prefix(): string {
    return this.#keyed().prefix
  }

  /** Whether something may be sealed with a key from before. */
  get hasFormer(): boolean {
    return this.#keyed().hasFormer
  }

  /** As what an idempotency key is kept, with today's key first; with those before it, it may have been kept earlier. */
  ofIdempotencyKey(key: string): readonly string[] {
    return this.#keyed().sealAny('inbox', { key })
  }

  ofPost(post: PostContent): string {
    return this.#keyed().seal('post', postContent(post))
  }

  /** Whether Rekey has kept this post so. */
  isPostSealed(post: PostContent & { readonly seal: string | null }): boolean {
    return this.#fits('post', postContent(post), post.seal)
  }

  ofOwnerTold(told: OwnerToldContent): string {
    return this.#keyed().seal('owner-told', ownerToldContent(told))
  }

  isOwnerToldSealed(told: OwnerToldContent & { readonly owner_told_seal: string | null }): boolean {
    return this.#fits('owner-told', ownerToldContent(told), told.owner_told_seal)
  }

  ofHead(head: HeadContent, holds: Holds): string {
    return this.#keyed().seal('head', headContent(head, holds))
  }

  isHeadSealed(head: HeadContent & Pick<LockedHead, 'seal'>, holds: Holds): boolean {
    return this.#fits('head', headContent(head, holds), head.seal)
  }

  /**
   * @param highest where the ledger had been seen to end before the head was read
   * @throws DatabaseAltered when the head, or what holds recoveries up, is not as Rekey left it
   */
  expectHead(
    head: Omit<LockedHead, 'firstPlace'>,
    holds: Holds,
    highest: number = this.#highest,
  ): void {
    if (head.seq < highest) throw new DatabaseAltered(text.altered.putBack(highest, head.seq))
    if (!this.#keyed().knows(head.seal)) throw new DatabaseAltered(text.altered.otherKey)
    if (!this.isHeadSealed(head, holds)) throw new DatabaseAltered(text.altered.head)
  }

  /** That the ledger has come so far, and that nobody can take it back. */
  saw(seq: number): void {
    this.#highest = Math.max(this.#highest, seq)
  }

  #fits(kind: SealedKind, content: object, seal: string | null): boolean {
    return this.#keyed().fits(kind, content, seal)
  }

  #check(seal: string | null, fits: () => boolean): SealCheck {
    if (this.#sealer === undefined) return 'unchecked'
    if (seal !== null && !this.#sealer.knows(seal)) return 'other-key'
    return fits() ? 'fits' : 'altered'
  }

  #keyed(): RowSealer {
    if (this.#sealer === undefined)
      throw new Error('the store was opened without a key: nothing can be stored or checked')
    return this.#sealer
  }
}

export interface PostContent {
  readonly key: string
  readonly channel: string
  readonly ts: string
  readonly digest: string | null
}

function postContent({ key, channel, ts, digest }: PostContent): object {
  return { key, channel, ts, digest }
}

export type OwnerToldContent = Pick<
  Selectable<RequestTable>,
  'id' | 'owner_told_at' | 'owner_not_told'
>

function ownerToldContent({ id, owner_told_at, owner_not_told }: OwnerToldContent): object {
  return { id, owner_told_at, owner_not_told }
}

export type HeadContent = Pick<LockedHead, 'seq' | 'hash' | 'policy'>

function headContent({ seq, hash, policy }: HeadContent, holds: Holds): object {
  return { seq, hash, policy, ...holds }
}
