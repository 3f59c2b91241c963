/** The first start of a Rekey that seals, on a database from before: what is there is bound to the key, once. */

import type { Transaction } from 'kysely'
import type { EntryDraft } from '../audit/entry.ts'
import { lockAggregate, readAggregate } from './aggregate.ts'
import { commit } from './commit.ts'
import { CannotOpen, type Engine } from './engine.ts'
import { lockHead } from './head.ts'
import { readHolds } from './holds.ts'
import { append } from './ledger.ts'
import type { Seals } from './seals.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'

/**
 * Seals every request and the head where the head has no seal yet, and writes that down where anybody could
 * have changed something: whoever blanks the seals to have rows of their own sealed leaves that mark.
 *
 * @throws CannotOpen where the rows were sealed once, and are not any more
 * @throws DatabaseAltered where they are, and the head does not fit
 */
export async function sealOnce(engine: Engine, seals: Seals, now?: () => Date): Promise<void> {
  const at = now?.() ?? new Date(await engine.time())
  await commit(engine.db, async (trx, leaves) => {
    const head = await lockHead(trx, 0)
    const holds = await readHolds(trx)
    if (head.seal !== null) {
      seals.expectHead(head, holds)
      return 'stale'
    }
    if (await wasSealed(trx)) throw new CannotOpen(text.altered.unsealed)
    const requests = await sealRequests(trx, seals)
    const seal = seals.ofHead(head, holds)
    await trx.updateTable('head').set({ seal }).where('id', '=', 1).execute()
    if (head.seq === 0) return 'recorded'
    const entry = sealedEntry(head.policy, requests)
    const trace = await append(trx, seals, { entry, jobs: [], at })
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
