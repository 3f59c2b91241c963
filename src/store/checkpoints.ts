/** Signed checkpoints: one for a size, ever. */

import type { Kysely } from 'kysely'
import type { SignedCheckpoint } from '../audit/checkpoint-signer.ts'
import { auditLane, witnessLane } from '../recovery/model/lanes.ts'
import type { Checkpoints, Cosignature } from '../recovery/ports/ledger.ts'
import { commit } from './commit.ts'
import { lockHead } from './head.ts'
import { insertJobs } from './jobs.ts'
import type { CheckpointTable, Tables } from './tables.ts'

export class SqlCheckpoints implements Checkpoints {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async latest(below = Number.MAX_SAFE_INTEGER): Promise<SignedCheckpoint | undefined> {
    const row = await this.#db
      .selectFrom('checkpoints')
      .selectAll()
      .where('size', '<', below)
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

  async add(
    { size, note, frontier }: SignedCheckpoint,
    at: Date,
    witnesses: readonly string[],
  ): Promise<void> {
    await commit(this.#db, async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('checkpoints')
        .values({ size, note, frontier: frontier.join(' ') })
        .onConflict((conflict) => conflict.column('size').doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n) return 'repeated'
      const jobs = [
        { task: { kind: 'post-checkpoint', size } as const, lane: auditLane, notBefore: at },
        ...witnesses.map((witness) => ({
          task: { kind: 'show-witness', witness } as const,
          lane: witnessLane(witness),
          notBefore: at,
        })),
      ]
      const { firstPlace } = await lockHead(trx, jobs.length)
      await insertJobs(trx, jobs, firstPlace, at)
      return 'recorded'
    })
  }

  async addCosignature({ size, witness, line }: Cosignature): Promise<void> {
    await commit(this.#db, async (trx) => {
      await trx
        .insertInto('cosignatures')
        .values({ size, witness, line })
        .onConflict((conflict) => conflict.columns(['size', 'witness']).doNothing())
        .execute()
      return 'recorded'
    })
  }

  cosignatures(): Promise<readonly Cosignature[]> {
    return this.#db.selectFrom('cosignatures').selectAll().orderBy('size').execute()
  }

  async lastCosigned(witness: string): Promise<number> {
    const last = await this.#db
      .selectFrom('cosignatures')
      .select(({ fn }) => fn.max('size').as('size'))
      .where('witness', '=', witness)
      .executeTakeFirst()
    return last?.size ?? 0
  }
}

function readCheckpoint({ size, note, frontier }: CheckpointTable): SignedCheckpoint {
  return { size, note, frontier: frontier.split(' ').filter((hash) => hash !== '') }
}
