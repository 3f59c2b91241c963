/** The tables read as of one moment, to be compared with the ledger. */

import type { Kysely, Transaction } from 'kysely'
import type { RequestId } from '../ids.ts'
import type { Rows, RowsThen, StoredPolicy, StoredRequest, Stray } from '../recovery/ports/rows.ts'
import { readAggregates, type StoredAggregate } from './aggregate.ts'
import { readEffect } from './effects.ts'
import { storedGroup } from './groups.ts'
import { readHead } from './head.ts'
import { readHolds } from './holds.ts'
import { SqlLedger } from './ledger.ts'
import { readRequest } from './request-row.ts'
import type { Seals } from './seals.ts'
import type { Tables } from './tables.ts'

const pageSize = 500

export class SqlRows implements Rows {
  readonly #db: Kysely<Tables>
  readonly #seals: Seals

  constructor(db: Kysely<Tables>, seals: Seals) {
    this.#db = db
    this.#seals = seals
  }

  atOneMoment<Found>(read: (then: RowsThen) => Promise<Found>): Promise<Found> {
    return this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => read(rowsThen(trx, this.#seals)))
  }

  async policies(): Promise<readonly StoredPolicy[]> {
    const rows = await this.#db.selectFrom('policies').selectAll().execute()
    return rows.map(({ hash, meaning_json }) => ({ hash, meaning: parsed(meaning_json) }))
  }
}

function rowsThen(trx: Transaction<Tables>, seals: Seals): RowsThen {
  return {
    entries: (fromSeq) => new SqlLedger(trx).entries(fromSeq),
    requests: () => requests(trx, seals),
    strays: () => strays(trx),
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
    groups: async () => {
      const rows = await trx.selectFrom('group_members').selectAll().execute()
      return rows.map(storedGroup)
    },
    headSeal: async () => seals.checkHead(await readHead(trx), await readHolds(trx)),
  }
}

const ofRequests = ['approvals', 'effects', 'secrets'] as const

async function strays(trx: Transaction<Tables>): Promise<readonly Stray[]> {
  const found: Stray[] = []
  for (const table of ofRequests) {
    const rows = await trx
      .selectFrom(table)
      .select('request_id')
      .where('request_id', 'not in', trx.selectFrom('requests').select('id'))
      .execute()
    found.push(...rows.map(({ request_id: request }) => ({ table, request })))
  }
  return found
}

async function* requests(trx: Transaction<Tables>, seals: Seals): AsyncIterable<StoredRequest> {
  // Before every id that there is.
  let after = '' as RequestId
  for (;;) {
    const page = await trx
      .selectFrom('requests')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute()
    const last = page.at(-1)?.id
    if (last === undefined) return
    const ids = page.map(({ id }) => id)
    for (const aggregate of await readAggregates(trx, ids)) yield read(aggregate, seals)
    after = last
  }
}

function read(aggregate: StoredAggregate, seals: Seals): StoredRequest {
  const { stored, approvals, effects, secrets } = aggregate
  return {
    id: stored.id,
    rows: tried(() => ({
      request: readRequest(stored, approvals),
      effects: effects.map(readEffect),
    })),
    passwords: secrets.map(({ effect }) => effect),
    seal: seals.checkRequest(aggregate),
  }
}

function parsed(json: string): unknown {
  return tried(() => JSON.parse(json))
}

function tried<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
