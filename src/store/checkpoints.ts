/** Signed checkpoints: one for a size, ever. */

import type { Kysely } from 'kysely'
import type { SignedCheckpoint } from '../audit/checkpoint-signer.ts'
import { auditLane } from '../recovery/model/lanes.ts'
import type { Checkpoints } from '../recovery/ports/ledger.ts'
import { commit } from './commit.ts'
import { lockHead } from './head.ts'
import { insertJobs } from './jobs.ts'
import type { CheckpointTable, Tables } from './tables.ts'

export class SqlCheckpoints implements Checkpoints {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async latest(): Promise<SignedCheckpoint | undefined> {
    const row = await this.#db
      .selectFrom('checkpoints')
      .selectAll()
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && readCheckpoint(row)
  }

  async find(size: number): Promise<SignedCheckpoint | undefined> {
    const row = await this.#db
      .selectFrom('checkpoints')
      .selectAll()
      .where('size', '=', size)
      .executeTakeFirst()
    return row && readCheckpoint(row)
  }

  async all(): Promise<readonly SignedCheckpoint[]> {
    const rows = await this.#db.selectFrom('checkpoints').selectAll().orderBy('size').execute()
    return rows.map(readCheckpoint)
  }

  async add({ size, note, frontier }: SignedCheckpoint, at: Date): Promise<void> {
    await commit(this.#db, async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('checkpoints')
        .values({ size, note, frontier: frontier.join(' ') })
        .onConflict((conflict) => conflict.column('size').doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n) return 'repeated'
      const { firstPlace } = await lockHead(trx, 1)
      const task = { kind: 'post-checkpoint', size } as const
      await insertJobs(trx, [{ task, lane: auditLane, notBefore: at }], firstPlace, at)
      return 'recorded'
    })
  }
}

function readCheckpoint({ size, note, frontier }: CheckpointTable): SignedCheckpoint {
  return { size, note, frontier: frontier.split(' ').filter((hash) => hash !== '') }
}
