/** What Rekey does now and then, and how far ahead it puts off whatever stands in the lanes of its own. */

import type { Task, TaskKind } from './job.ts'
import {
  alertLane,
  auditLane,
  groupsLane,
  hourlyCheckpointLane,
  monthLane,
  promptCheckpointLane,
  reconcileLane,
  refusalLane,
} from './lanes.ts'

/** In a lane of its own: one job in it is enough, since it puts itself back. */
export interface Routine {
  readonly lane: string
  readonly task: Task
  readonly everyMs: number
}

const minute = 60_000
const hour = 60 * minute

export const everyMs = {
  checkpoint: hour,
  /** One call to Slack, although nobody does anything. */
  groups: 3 * minute,
  reconcile: 10 * minute,
  month: 24 * hour,
} as const

export const routines: readonly Routine[] = [
  { lane: hourlyCheckpointLane, task: { kind: 'sign-checkpoint' }, everyMs: everyMs.checkpoint },
  { lane: groupsLane, task: { kind: 'look-at-groups' }, everyMs: everyMs.groups },
  { lane: reconcileLane, task: { kind: 'reconcile-audit' }, everyMs: everyMs.reconcile },
  { lane: monthLane, task: { kind: 'reconcile-month' }, everyMs: everyMs.month },
]

/** A lane in which nothing stands but what Rekey's routines and entries are cause for. */
export interface OwnLane {
  readonly lane: string
  readonly kinds: readonly TaskKind[]
  /** Farther ahead than anything that Rekey puts off there. */
  readonly farthestMs: number
}

// Slack asks for seconds of patience, and what it refuses is tried again after a minute.
const patienceMs = hour

export const ownLanes: readonly OwnLane[] = [
  { lane: alertLane, kinds: ['post-alert'], farthestMs: patienceMs },
  { lane: auditLane, kinds: ['post-audit', 'post-checkpoint'], farthestMs: patienceMs },
  { lane: refusalLane, kinds: ['post-audit'], farthestMs: patienceMs },
  { lane: promptCheckpointLane, kinds: ['sign-checkpoint'], farthestMs: patienceMs },
  ...routines.map(({ lane, task, everyMs }) => ({
    lane,
    kinds: [task.kind],
    farthestMs: 2 * everyMs,
  })),
]
