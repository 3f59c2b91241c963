/** The tables read as of one moment, to be compared with the ledger. */

import type { Kysely, Selectable, Transaction } from 'kysely'
import type { RequestId } from '../ids.ts'
import type { Rows, RowsThen, StoredPolicy, StoredRequest } from '../recovery/ports/rows.ts'
import { readEffect } from './effects.ts'
import { SqlLedger } from './ledger.ts'
import { readRequest } from './request-row.ts'
import type { ApprovalTable, EffectTable, RequestTable, Tables } from './tables.ts'

const pageSize = 500

export class SqlRows implements Rows {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  atOneMoment<Found>(read: (then: RowsThen) => Promise<Found>): Promise<Found> {
    return this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => read(rowsThen(trx)))
  }

  async policies(): Promise<readonly StoredPolicy[]> {
    const rows = await this.#db.selectFrom('policies').selectAll().execute()
    return rows.map(({ hash, meaning_json }) => ({ hash, meaning: parsed(meaning_json) }))
  }
}

function rowsThen(trx: Transaction<Tables>): RowsThen {
  return {
    entries: (fromSeq) => new SqlLedger(trx).entries(fromSeq),
    requests: () => requests(trx),
    strayEffects: async () => {
      const rows = await trx
        .selectFrom('effects')
        .leftJoin('requests', 'requests.id', 'effects.request_id')
        .where('requests.id', 'is', null)
        .select('effects.id')
        .execute()
      return rows.map(({ id }) => id)
    },
    pause: async () => {
      const row = await trx.selectFrom('pause').selectAll().executeTakeFirst()
      return row && { since: row.since, by: row.by_person ?? undefined, reason: row.reason }
    },
    freezes: async () => {
      const rows = await trx.selectFrom('freezes').selectAll().execute()
      return rows.map(({ user_pool_id: userPoolId, sub, until, request_id: request }) => ({
        userPoolId,
        sub,
        until,
        request,
      }))
    },
  }
}

async function* requests(trx: Transaction<Tables>): AsyncIterable<StoredRequest> {
  // Before every id that there is.
  let after = '' as RequestId
  for (;;) {
    const page = await trx
      .selectFrom('requests')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute()
    const last = page.at(-1)?.id
    if (last === undefined) return
    const approvals = Map.groupBy(
      await approvalsOf(trx, after, last),
      ({ request_id }) => request_id,
    )
    const effects = Map.groupBy(await effectsOf(trx, after, last), ({ request_id }) => request_id)
    for (const row of page) yield read(row, approvals.get(row.id) ?? [], effects.get(row.id) ?? [])
    after = last
  }
}

function approvalsOf(trx: Transaction<Tables>, after: RequestId, last: RequestId) {
  return trx
    .selectFrom('approvals')
    .selectAll()
    .where('request_id', '>', after)
    .where('request_id', '<=', last)
    .orderBy('at')
    .orderBy('approver')
    .execute()
}

function effectsOf(trx: Transaction<Tables>, after: RequestId, last: RequestId) {
  return trx
    .selectFrom('effects')
    .selectAll()
    .where('request_id', '>', after)
    .where('request_id', '<=', last)
    .execute()
}

function read(
  row: Selectable<RequestTable>,
  approvals: readonly ApprovalTable[],
  effects: readonly EffectTable[],
): StoredRequest {
  try {
    return {
      id: row.id,
      rows: { request: readRequest(row, approvals), effects: effects.map(readEffect) },
    }
  } catch {
    return { id: row.id, rows: undefined }
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
