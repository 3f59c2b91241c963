import type { TaskKind } from '../recovery/model/job.ts'

/** What waits for the same: for Cognito and the database, for a channel, for people's messages. */
export type Queue = 'work' | 'audit' | 'cards' | 'messages'

// Each has room of its own, so that a channel that hangs holds up nothing but itself; and enough of it
// that one slow account does not hold up the rest, far below what Slack or Cognito would call too fast.
// The audit queue has one for each of its lanes.
export const atOnce: Readonly<Record<Queue, number>> = { work: 4, audit: 5, cards: 4, messages: 4 }

export const queueOf: Readonly<Record<TaskKind, Queue>> = {
  execute: 'work',
  expire: 'work',
  remind: 'work',
  'see-who-is-left': 'work',
  escalate: 'work',
  'check-addresses': 'work',
  'revoke-sessions': 'work',
  'burn-password': 'work',
  'follow-up': 'work',
  'sign-checkpoint': 'work',
  'look-at-groups': 'work',
  // Seconds at most, and at most once a minute: it is in nobody's way there.
  'show-witness': 'messages',
  'post-audit': 'audit',
  'post-alert': 'audit',
  'post-checkpoint': 'audit',
  'reconcile-audit': 'audit',
  'reconcile-month': 'audit',
  'draw-card': 'cards',
  'post-reminder': 'cards',
  'tell-requester': 'messages',
  'notify-pause': 'messages',
  'tell-owner': 'messages',
  'clear-reveal': 'messages',
}

export const queues = Object.keys(atOnce) as readonly Queue[]

export const kindsIn = (queue: Queue) =>
  (Object.keys(queueOf) as readonly TaskKind[]).filter((kind) => queueOf[kind] === queue)
