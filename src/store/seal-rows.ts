/** The first start of a Rekey that seals, on a database from before: what is there is bound to the key, once. */

import type { Transaction } from 'kysely'
import type { EntryDraft } from '../audit/entry.ts'
import { lockAggregate, readAggregate } from './aggregate.ts'
import { commit } from './commit.ts'
import { CannotOpen, type Engine } from './engine.ts'
import { lockHead } from './head.ts'
import { readHolds } from './holds.ts'
import { append } from './ledger.ts'
import { sealOwnersTold, sealOwnersToldAnew } from './owner-told.ts'
import { sealPosts, sealPostsAnew } from './posts.ts'
import type { Seals } from './seals.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'
import { VerifiedLedger } from './verified-ledger.ts'

export interface FirstSealing {
  readonly now?: (() => Date) | undefined
  /** The beginning of the hash that the ledger ends with: the operator's word that it is theirs. */
  readonly endsWith?: string | undefined
}

/**
 * Seals every request and the head where the head has no seal yet. What is there may be anybody's: whoever has
 * blanked the seals wants rows of their own sealed. So it takes the operator's word for the ledger's end, and is
 * written down; a database with nothing in it is sealed without.
 *
 * @throws CannotOpen where nobody has given that word, or where the rows were sealed once, and are not any more
 * @throws DatabaseAltered where they are, and the head does not fit
 */
export async function sealOnce(
  engine: Engine,
  seals: Seals,
  { now, endsWith }: FirstSealing,
): Promise<void> {
  const at = now?.() ?? new Date(await engine.time())
  await commit(engine.db, async (trx, leaves) => {
    const head = await lockHead(trx, 0)
    const holds = await readHolds(trx)
    if (head.seal !== null) {
      seals.expectHead(head, holds)
      return 'stale'
    }
    if (await wasSealed(trx)) throw new CannotOpen(text.altered.unsealed)
    const isNew = await isEmpty(trx)
    if (!isNew && !isMeant(head, endsWith))
      throw new CannotOpen(text.altered.neverSealed(head.seq, head.hash.slice(0, shown)))
    await keyInbox(trx, seals)
    const requests = await sealRequests(trx, seals)
    const seal = seals.ofHead(head, holds)
    await trx.updateTable('head').set({ seal }).where('id', '=', 1).execute()
    if (isNew) return 'recorded'
    await sealPosts(trx, seals)
    await sealOwnersTold(trx, seals)
    const entry = sealedEntry(head.policy, requests)
    const trace = await append(trx, new VerifiedLedger(seals), { entry, jobs: [], at })
    if (typeof trace !== 'string') leaves(trace)
    return 'recorded'
  })
}

/**
 * Seals with today's key what was sealed with one before it, so that this one may be taken away. What does not
 * fit stays as it is.
 */
export async function sealAnew({ db }: Engine, seals: Seals): Promise<void> {
  await commit(db, async (trx) => {
    const head = await lockHead(trx, 0)
    const holds = await readHolds(trx)
    seals.expectHead(head, holds)
    await trx
      .updateTable('head')
      .set({ seal: seals.ofHead(head, holds) })
      .where('id', '=', 1)
      .execute()
    return 'recorded'
  })
  await commit(db, async (trx) => {
    await sealPostsAnew(trx, seals)
    await sealOwnersToldAnew(trx, seals)
    return 'recorded'
  })
  const former = await db
    .selectFrom('requests')
    .select('id')
    .where('seal', 'not like', `${seals.prefix}%`)
    .execute()
  for (const { id } of former) {
    await commit(db, async (trx) => {
      const stored = await lockAggregate(trx, id)
      if (stored === undefined || !seals.isSealed(stored)) return 'stale'
      const seal = seals.ofRequest(stored)
      await trx.updateTable('requests').set({ seal }).where('id', '=', id).execute()
      return 'recorded'
    })
  }
}

async function sealRequests(trx: Transaction<Tables>, seals: Seals): Promise<number> {
  const rows = await trx.selectFrom('requests').select('id').execute()
  for (const { id } of rows) {
    const aggregate = await readAggregate(trx, id)
    if (aggregate === undefined) continue
    const seal = seals.ofRequest(aggregate)
    await trx.updateTable('requests').set({ seal }).where('id', '=', id).execute()
  }
  return rows.length
}

// As many digits as an audit post shows.
const shown = 16

function isMeant({ hash }: { readonly hash: string }, endsWith = ''): boolean {
  return endsWith.length >= shown && hash.startsWith(endsWith)
}

const filled = [
  'ledger',
  'requests',
  'approvals',
  'effects',
  'secrets',
  'pause',
  'freezes',
  'group_members',
] as const

async function isEmpty(trx: Transaction<Tables>): Promise<boolean> {
  for (const table of filled) {
    const { rows } = await trx
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as('rows'))
      .executeTakeFirstOrThrow()
    if (Number(rows) > 0) return false
  }
  return true
}

/** Idempotency keys were kept as they are before: anybody could write one that was still to come. */
async function keyInbox(trx: Transaction<Tables>, seals: Seals): Promise<void> {
  for (const { idempotency_key: plain } of await trx.selectFrom('inbox').selectAll().execute()) {
    const [idempotency_key = plain] = seals.ofIdempotencyKey(plain)
    await trx
      .updateTable('inbox')
      .set({ idempotency_key })
      .where('idempotency_key', '=', plain)
      .execute()
  }
}

/** Since it was bound to the key once, or has been from the beginning, as every start says. */
async function wasSealed(trx: Transaction<Tables>): Promise<boolean> {
  const row = await trx
    .selectFrom('ledger')
    .select('seq')
    .where((eb) =>
      eb.or([
        eb('entry_json', 'like', '%"type":"rekey.sealed"%'),
        // In the order of canonical JSON. What people write has no bare quotes.
        eb('entry_json', 'like', '%"sealed":true%"type":"rekey.started"%'),
      ]),
    )
    .executeTakeFirst()
  return row !== undefined
}

function sealedEntry(policy: string | null, requests: number): EntryDraft {
  return {
    type: 'rekey.sealed',
    actor: { kind: 'rekey' },
    request: null,
    version: null,
    target: null,
    policy: policy ?? '',
    data: { requests },
  }
}
