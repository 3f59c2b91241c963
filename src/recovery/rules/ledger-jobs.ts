/** What follows an entry, whatever it says: its posts, and what is done now and then. */

import type { EntryDraft } from '../../audit/entry.ts'
import { isRefusal } from '../../audit/refusals.ts'
import { isAlarming, isPublic } from '../../audit/visibility.ts'
import { after, job } from '../model/drafts.ts'
import type { JobDraft } from '../model/job.ts'
import {
  alertLane,
  auditLane,
  groupsLane,
  hourlyCheckpointLane,
  monthLane,
  promptCheckpointLane,
  reconcileLane,
  refusalLane,
} from '../model/lanes.ts'
import { everyMs, routines } from '../model/routines.ts'

/** The lanes of what is done now and then. One job in each is enough: it puts itself back. */
export const routineLanes = [...routines.map(({ lane }) => lane), promptCheckpointLane]

/** As many jobs as follow one entry at most. */
export const mostJobsPerEntry = 2 + routineLanes.length

const checkpointEvery = 100

/**
 * The jobs that an entry is cause for.
 *
 * @param seq its place in the ledger
 * @param awake the routine lanes that have a job already
 */
export function jobsAfterEntry(
  draft: EntryDraft,
  seq: number,
  awake: ReadonlySet<string>,
  at: Date,
): readonly JobDraft[] {
  return [...posts(draft, seq, at), ...routineJobs(draft, seq, awake, at)]
}

function posts(draft: EntryDraft, seq: number, at: Date): JobDraft[] {
  const { type, request } = draft
  const lane = isRefusal({ type }) ? refusalLane : auditLane
  return [
    ...(isPublic(draft) ? [job({ kind: 'post-audit', seq, request }, lane, at)] : []),
    ...(isAlarming(draft) ? [job({ kind: 'post-alert', seq, request }, alertLane, at)] : []),
  ]
}

function routineJobs(
  draft: EntryDraft,
  seq: number,
  awake: ReadonlySet<string>,
  at: Date,
): JobDraft[] {
  const sign = { kind: 'sign-checkpoint' } as const
  const due = [
    job(sign, hourlyCheckpointLane, after(at, everyMs.checkpoint)),
    job({ kind: 'look-at-groups' }, groupsLane, after(at, everyMs.groups)),
    // It does not put itself back: there is cause again when as many entries more have come.
    ...(seq % checkpointEvery === 0 ? [job(sign, promptCheckpointLane, at)] : []),
    ...(isPublic(draft)
      ? [
          job({ kind: 'reconcile-audit' }, reconcileLane, after(at, everyMs.reconcile)),
          job({ kind: 'reconcile-month' }, monthLane, after(at, everyMs.month)),
        ]
      : []),
  ]
  return due.filter(({ lane }) => !awake.has(lane))
}
