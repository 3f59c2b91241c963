/** A job as a row. */

import { z } from 'zod'
import { newId } from '../ids.ts'
import type { Job, JobDraft, Task, TaskKind } from '../recovery/model/job.ts'
import { reading, requestField } from './fields.ts'
import type { JobTable } from './tables.ts'

export function jobRow(draft: JobDraft, place: number, createdAt: Date) {
  return {
    id: newId('job'),
    kind: draft.task.kind,
    task_json: JSON.stringify(draft.task),
    lane: draft.lane,
    place,
    created_at: createdAt.getTime(),
    not_before: draft.notBefore.getTime(),
    lease_until: 0,
    attempts: 0,
  }
}

/** The columns that a job is made of. */
export const jobColumns = ['id', 'task_json', 'lane', 'created_at', 'attempts'] as const

export function readJob(row: Pick<JobTable, (typeof jobColumns)[number]>): Job {
  return {
    id: row.id,
    task: reading(`job ${row.id}`, () => taskForm.parse(JSON.parse(row.task_json))),
    lane: row.lane,
    createdAt: new Date(row.created_at),
    attempts: row.attempts,
  }
}

const plain = <Kind extends TaskKind>(kind: Kind) =>
  z.strictObject({ kind: z.literal(kind), request: requestField })

const forms = {
  execute: plain('execute'),
  expire: plain('expire'),
  'draw-card': plain('draw-card'),
  'post-audit': z.strictObject({
    kind: z.literal('post-audit'),
    seq: z.int(),
    request: requestField.nullable(),
  }),
  'post-alert': z.strictObject({
    kind: z.literal('post-alert'),
    seq: z.int(),
    request: requestField.nullable(),
  }),
  'sign-checkpoint': z.strictObject({ kind: z.literal('sign-checkpoint') }),
  'post-checkpoint': z.strictObject({ kind: z.literal('post-checkpoint'), size: z.int() }),
  'show-witness': z.strictObject({ kind: z.literal('show-witness'), witness: z.string() }),
  'reconcile-audit': z.strictObject({ kind: z.literal('reconcile-audit') }),
  'reconcile-month': z.strictObject({ kind: z.literal('reconcile-month') }),
  'look-at-groups': z.strictObject({ kind: z.literal('look-at-groups') }),
  'tell-requester': plain('tell-requester'),
  'notify-pause': plain('notify-pause').extend({
    change: z.enum(['paused', 'resumed']),
    since: z.int(),
  }),
  'tell-owner': plain('tell-owner'),
  remind: plain('remind').extend({ round: z.int() }),
  'see-who-is-left': plain('see-who-is-left'),
  escalate: plain('escalate'),
  'post-reminder': plain('post-reminder').extend({ round: z.int() }),
  'check-addresses': plain('check-addresses'),
  'revoke-sessions': plain('revoke-sessions'),
  'burn-password': plain('burn-password'),
  'follow-up': plain('follow-up'),
  'clear-reveal': plain('clear-reveal').extend({ view: z.string() }),
} satisfies { readonly [Kind in TaskKind]: z.ZodType<Extract<Task, { kind: Kind }>> }

const taskForm = z.union(Object.values(forms))

/** What this code can do. In an upgrade, a newer Rekey may order more from the same table. */
export const knownKinds = Object.keys(forms) as readonly TaskKind[]
