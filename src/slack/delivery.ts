/** The outbox's jobs for Slack: each message is drawn from what is stored at the moment it is sent. */

import type { webApi } from '@slack/bolt'
import { isRefusal } from '../audit/refusals.ts'
import type { RequestId } from '../names.ts'
import type { Handlers } from '../outbox/outbox.ts'
import type { Policy } from '../policy/policy.ts'
import { findTier } from '../policy/who.ts'
import { namedFor } from '../recovery/attention.ts'
import type { Progress } from '../recovery/job.ts'
import {
  auditPostKey,
  type Checkpoints,
  type Ledger,
  type Posts,
  type Store,
} from '../recovery/ports.ts'
import type { RecoveryRequest } from '../recovery/request.ts'
import { alert } from './alert.ts'
import { auditPost } from './audit-post.ts'
import { checkpointPost } from './checkpoint-post.ts'
import { readFailure } from './failures.ts'
import { ownerNotice, ownerOutcome } from './owner-message.ts'
import { clearedView } from './password-modal.ts'
import type { Posting } from './posting.ts'
import { reminder } from './reminder.ts'
import { type Card, requestCard } from './request-card.ts'
import { requesterOutcome, requesterReceipt } from './requester-message.ts'

export interface DeliveryParts {
  readonly store: Pick<Store, 'find' | 'findPause'>
  readonly ledger: Pick<Ledger, 'entry'>
  readonly posts: Posts
  readonly checkpoints: Pick<Checkpoints, 'find'>
  readonly posting: Posting
  readonly client: webApi.WebClient
  readonly policy: () => Policy
  readonly now: () => Date
}

type Deliveries = Pick<
  Handlers,
  | 'draw-card'
  | 'post-audit'
  | 'post-checkpoint'
  | 'post-alert'
  | 'tell-requester'
  | 'tell-owner'
  | 'post-reminder'
  | 'clear-reveal'
>

export function deliveries(parts: DeliveryParts): Deliveries {
  const { store, ledger, posts, checkpoints, posting, client, policy, now } = parts
  return {
    'draw-card': async (task, job) => {
      const request = await found(store, task.request)
      const message = {
        key: `card ${request.id}`,
        channel: policy().channels.approvals,
        card: requestCard(request, await store.findPause()),
        searchable: true,
      }
      return posting.show(message, job)
    },

    'tell-requester': async (task, job) => {
      const request = await found(store, task.request)
      const to = (stage: 'sent' | 'outcome', card: Card) => ({
        key: `requester ${request.id} ${stage}`,
        channel: request.requestedBy,
        card,
        // A direct message's history is none of our business, so there is no scope to read it.
        searchable: false,
      })
      const sent = await posting.show(
        to('sent', requesterReceipt(request, policy(), await store.findPause())),
        job,
      )
      const outcome = requesterOutcome(request, policy())
      if (outcome === undefined || sent.kind !== 'done') return sent
      return posting.show(to('outcome', outcome), job)
    },

    'tell-owner': async (task, job) => {
      const request = await found(store, task.request)
      const { owner } = request
      if (owner === undefined) return { kind: 'done' }
      const to = (stage: 'notice' | 'outcome', card: Card) => ({
        key: `owner ${request.id} ${stage}`,
        channel: owner,
        card,
        searchable: false,
      })
      const told = await posting.show(to('notice', ownerNotice(request)), job)
      const outcome = ownerOutcome(request)
      if (outcome === undefined || told.kind !== 'done') return told
      return posting.show(to('outcome', outcome), job)
    },

    'post-reminder': async (task, job) => {
      const request = await found(store, task.request)
      if (request.state !== 'pending') return { kind: 'done' }
      const isEscalation = task.round === 0
      const tier = findTier(policy(), request.tier)
      const named = isEscalation ? (tier?.escalation?.to ?? []) : namedFor(request, policy(), now())
      if (named.length === 0) return { kind: 'done' }
      const card = await posts.find(`card ${request.id}`)
      const message = {
        key: `reminder ${request.id} ${task.round}`,
        channel: policy().channels.approvals,
        card: reminder(request, named, isEscalation),
        thread: { key: `card ${request.id}`, ts: card?.ts },
        searchable: true,
      }
      return posting.say(message, job)
    },

    'post-audit': async (task, job) => {
      const chained = await ledger.entry(task.seq)
      if (chained === undefined) throw new Error(`there is no ledger entry ${task.seq}`)
      const threadKey = task.request === null ? undefined : `audit ${task.request}`
      const root = threadKey === undefined ? undefined : await posts.find(threadKey)
      // In a lane of its own, a refusal may be here before there is a thread. It begins none.
      const isEarly = root === undefined && isRefusal(chained.entry.type)
      const message = {
        key: auditPostKey(task.seq),
        channel: policy().channels.audit,
        card: auditPost(chained),
        // The first post about a request begins its thread; the others follow in it.
        ...(threadKey === undefined || isEarly ? {} : { thread: { key: threadKey, ts: root?.ts } }),
        marks: { seq: chained.entry.seq, head: chained.hash },
        searchable: true,
        compared: true as const,
      }
      return posting.say(message, job)
    },

    'post-checkpoint': async (task, job) => {
      const checkpoint = await checkpoints.find(task.size)
      if (checkpoint === undefined) throw new Error(`there is no checkpoint of ${task.size}`)
      const message = {
        key: `checkpoint ${task.size}`,
        channel: policy().channels.audit,
        card: checkpointPost(checkpoint),
        searchable: true,
      }
      return posting.say(message, job)
    },

    'post-alert': async (task, job) => {
      const chained = await ledger.entry(task.seq)
      if (chained === undefined) throw new Error(`there is no ledger entry ${task.seq}`)
      const message = {
        key: `alert ${task.seq}`,
        channel: policy().channels.alerts,
        card: alert(chained, policy()),
        searchable: true,
      }
      return posting.say(message, job)
    },

    'clear-reveal': async (task): Promise<Progress> => {
      try {
        await client.views.update({ view_id: task.view, view: clearedView() })
      } catch (error) {
        // A window that was closed shows nothing any more, which is all we want.
        const failure = readFailure(error)
        if (failure.kind !== 'refused') throw error
      }
      return { kind: 'done' }
    },
  }
}

async function found(store: Pick<Store, 'find'>, id: RequestId): Promise<RecoveryRequest> {
  const request = await store.find(id)
  if (request === undefined) throw new Error(`there is no request ${id}`)
  return request
}
