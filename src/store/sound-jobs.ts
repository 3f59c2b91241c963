/** Which jobs Rekey can have written, and what becomes of the others. */

import type { ExpressionBuilder, Kysely } from 'kysely'
import { ownLanes } from '../recovery/model/routines.ts'
import type { JobTable, Tables } from './tables.ts'

// Spelled as the index spells it, or it would not be used.
export function isOpen({ and, eb }: ExpressionBuilder<Tables, 'jobs'>) {
  return and([eb('jobs.done_at', 'is', null), eb('jobs.parked_at', 'is', null)])
}

// Numbers that JavaScript cannot hold are an error of the driver's, after the whole batch was leased. And nothing
// waits behind what is never claimed.
const places = [0, Number.MAX_SAFE_INTEGER] as const
const attempts = [0, 1_000_000] as const
const times = [0, 8.64e15] as const

/** Whether Rekey may have written the numbers of this job. */
export function isSound({ and, between }: ExpressionBuilder<Tables, 'jobs'>) {
  return and([
    between('place', ...places),
    between('attempts', ...attempts),
    between('created_at', ...times),
  ])
}

/** The same of another job of a lane. */
export function isWaitingSound({
  and,
  between,
}: ExpressionBuilder<Tables & { waiting: JobTable }, 'waiting'>) {
  return and([
    between('waiting.place', ...places),
    between('waiting.attempts', ...attempts),
    between('waiting.created_at', ...times),
  ])
}

export const notOurs = 'no Rekey has ordered it so'

/** In a lane of Rekey's own, what is done nowhere but elsewhere would have everything else wait behind it. */
export function setStrangersAside(db: Kysely<Tables>, now: number) {
  return db
    .updateTable('jobs')
    .set({ parked_at: now, lease_until: 0, last_error: notOurs })
    .where(isOpen)
    .where((eb) =>
      eb.or([
        eb.not(isSound(eb)),
        ...ownLanes.map(({ lane, kinds }) =>
          eb.and([eb('lane', '=', lane), eb('kind', 'not in', kinds)]),
        ),
      ]),
    )
    .returning('id')
    .execute()
}

// Longer than a lease, also for a Rekey whose clock is ahead.
const farthestLeaseMs = 10 * 60_000

export function makeDue(db: Kysely<Tables>, now: number) {
  return db
    .updateTable('jobs')
    .set({ not_before: now, lease_until: 0 })
    .where(isOpen)
    .where((eb) =>
      eb.or(
        ownLanes.map(({ lane, farthestMs }) =>
          eb.and([
            eb('lane', '=', lane),
            eb.or([
              eb('not_before', '>', now + farthestMs),
              eb('lease_until', '>', now + farthestLeaseMs),
            ]),
          ]),
        ),
      ),
    )
    .execute()
}
