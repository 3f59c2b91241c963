import type { Transaction } from 'kysely'
import type { EntryDraft } from '../audit/entry.ts'
import { isRefusal } from '../audit/refusals.ts'
import type { JobDraft } from '../recovery/model/job.ts'
import type { Tables } from './tables.ts'

/** The lane of the checkpoint of every hour. */
export const hourlyCheckpoint = 'checkpoint'

// What is done now and then, as long as there is anything to do it for. Each puts itself back, but for
// the checkpoint at once, for which there is cause again when as many entries more have come.
export const routines = [
  hourlyCheckpoint,
  'checkpoint at once',
  'sweep',
  'sweep of a month',
] as const

export const checkpointAfterMs = 60 * 60_000

export const checkpointEvery = 100

export const reconcileAfterMs = 10 * 60_000

export const reconcileMonthAfterMs = 24 * 60 * 60_000

/** Whoever appends wakes what sleeps. The head is locked, so that nobody else does the same. */
export async function routineJobs(
  trx: Transaction<Tables>,
  seq: number,
  isPosted: boolean,
  at: Date,
): Promise<JobDraft[]> {
  const rows = await trx
    .selectFrom('jobs')
    .select('lane')
    .where('lane', 'in', routines)
    .where('done_at', 'is', null)
    .where('parked_at', 'is', null)
    .execute()
  const awake = new Set(rows.map(({ lane }) => lane))
  const drafts: Record<(typeof routines)[number], JobDraft | undefined> = {
    [hourlyCheckpoint]: routine('sign-checkpoint', hourlyCheckpoint, checkpointAfterMs),
    'checkpoint at once':
      seq % checkpointEvery === 0 ? routine('sign-checkpoint', 'checkpoint at once', 0) : undefined,
    sweep: isPosted ? routine('sweep-audit', 'sweep', reconcileAfterMs) : undefined,
    'sweep of a month': isPosted
      ? routine('sweep-month', 'sweep of a month', reconcileMonthAfterMs)
      : undefined,
  }
  return routines.flatMap((lane) => (awake.has(lane) ? [] : (drafts[lane] ?? [])))

  function routine(
    kind: 'sign-checkpoint' | 'sweep-audit' | 'sweep-month',
    lane: string,
    afterMs: number,
  ) {
    return { task: { kind }, lane, notBefore: new Date(at.getTime() + afterMs) }
  }
}

export function post(
  kind: 'post-audit' | 'post-alert',
  seq: number,
  { type, request }: EntryDraft,
  at: Date,
): JobDraft {
  return { task: { kind, seq, request }, lane: lane(), notBefore: at }

  // Anybody can bring refusals about, so nothing that matters waits behind them.
  function lane(): string {
    if (kind === 'post-alert') return 'alerts'
    return isRefusal(type) ? 'refusals' : 'audit'
  }
}
