/** The outbox's jobs for Slack: each message is drawn from what is stored at the moment it is sent. */

import type { webApi } from '@slack/bolt'
import { isRefusal } from '../audit/refusals.ts'
import type { PersonId, RequestId } from '../ids.ts'
import type { Handlers } from '../outbox/outbox.ts'
import type { Policy } from '../policy/policy.ts'
import { findTier } from '../policy/who.ts'
import { after } from '../recovery/model/change.ts'
import type { Job, Progress } from '../recovery/model/job.ts'
import type { RecoveryRequest } from '../recovery/model/request.ts'
import type { Checkpoints, Ledger } from '../recovery/ports/ledger.ts'
import type { Post, Posts } from '../recovery/ports/posts.ts'
import type { Store } from '../recovery/ports/store.ts'
import { type NoticeTopic, ownerTold } from '../recovery/rules/owner-notice.ts'
import { namedFor } from '../recovery/rules/reminders.ts'
import { readFailure } from './api/errors.ts'
import { reminder } from './approver/reminder.ts'
import { requestCard } from './approver/request-card.ts'
import { auditPost } from './auditor/audit-post.ts'
import { checkpointPost } from './auditor/checkpoint-post.ts'
import type { Card } from './kit/blocks.ts'
import { auditPostKey, checkpointPostKey } from './outbound/message-keys.ts'
import { type Poster, permanentErrors } from './outbound/poster.ts'
import { ownerNotice, ownerOutcome } from './owner/messages.ts'
import { pauseNotice, requesterOutcome, requesterReceipt } from './requester/messages.ts'
import { clearedView } from './requester/password-modal.ts'
import { alert } from './security/alert.ts'
import { waitsForPause } from './text/en/pause.ts'

export interface DeliveryDeps {
  readonly store: Pick<Store, 'find' | 'findPause' | 'findPolicyInForce' | 'listOpen' | 'write'>
  readonly ledger: Pick<Ledger, 'entry'>
  readonly posts: Posts
  readonly checkpoints: Pick<Checkpoints, 'find'>
  readonly poster: Poster
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
  | 'notify-pause'
  | 'tell-owner'
  | 'post-reminder'
  | 'clear-reveal'
>

export function deliveries(parts: DeliveryDeps): Deliveries {
  const { store, ledger, posts, checkpoints, poster, client, policy, now } = parts
  return {
    'draw-card': async (task, job) => {
      const inForce = await store.findPolicyInForce()
      // Two that know of different channels would take the card from each other.
      if (inForce !== undefined && inForce.hash !== policy().hash) {
        return { kind: 'again', at: after(now(), 5_000), because: 'another policy is in force' }
      }
      const request = await found(store, task.request)
      const message = {
        key: `card ${request.id}`,
        channel: policy().channels.approvals,
        card: requestCard(request, await store.findPause()),
        searchable: true,
      }
      return poster.show(message, job)
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
      const receipt = to('sent', requesterReceipt(request, policy(), await store.findPause()))
      const sent = await poster.show(receipt, job)
      const outcome = requesterOutcome(request, policy())
      // Once it is there, what came of it is said even where it can't be edited.
      const isThere = sent.kind === 'done' || (await posts.find(receipt.key)) !== undefined
      if (outcome === undefined || !isThere) return sent
      const told = await poster.show(to('outcome', outcome), job)
      return told.kind === 'done' ? sent : told
    },

    'tell-owner': async (task, job) => {
      const request = await found(store, task.request)
      const { owner } = request
      if (owner === undefined) return { kind: 'done' }
      const notice = ownerNotice(request, await store.findPause())
      const told = await tellOwner(request, owner, 'request', notice, job)
      const outcome = ownerOutcome(request)
      if (outcome === undefined || told.kind !== 'done') return told
      return tellOwner(request, owner, 'outcome', outcome, job)
    },

    'notify-pause': async (task, job) => {
      const pause = await store.findPause()
      const isCurrent = pause?.since.getTime() === task.since
      // Overtaken: what has come since has a message of its own.
      if (task.change === 'paused' ? !isCurrent : pause !== undefined) return { kind: 'done' }
      const { requestedBy } = await found(store, task.request)
      const open = await store.listOpen()
      const theirs = open.filter((each) => each.requestedBy === requestedBy && waitsForPause(each))
      if (theirs.length === 0) return { kind: 'done' }
      const message = {
        key: `halt ${requestedBy} ${task.change} ${task.since}`,
        channel: requestedBy,
        card: pauseNotice(theirs, pause),
        searchable: false,
      }
      return poster.say(message, job)
    },

    'post-reminder': async (task, job) => {
      const request = await found(store, task.request)
      if (request.state !== 'pending') return { kind: 'done' }
      const isEscalation = task.round === 0
      const tier = findTier(policy(), request.tier)
      const named = isEscalation ? (tier?.escalation?.to ?? []) : namedFor(request, policy(), now())
      if (named.length === 0) return { kind: 'done' }
      const channel = policy().channels.approvals
      const card = await postIn(channel, `card ${request.id}`)
      if (card === undefined) {
        return { kind: 'again', at: after(now(), 5_000), because: 'there is no card to answer' }
      }
      const message = {
        key: `reminder ${request.id} ${task.round}`,
        channel,
        card: reminder(request, named, isEscalation),
        // Not the card's own key: what is said where the card was deleted must not be taken for it.
        thread: { key: `reminders ${request.id}`, ts: card.ts },
        searchable: true,
      }
      return poster.say(message, job)
    },

    'post-audit': async (task, job) => {
      const chained = await ledger.entry(task.seq)
      if (chained === undefined) throw new Error(`there is no ledger entry ${task.seq}`)
      const threadKey = task.request === null ? undefined : `audit ${task.request}`
      const channel = policy().channels.audit
      const root = threadKey === undefined ? undefined : await postIn(channel, threadKey)
      // In a lane of its own, a refusal may be here before there is a thread. It begins none.
      const isEarly = root === undefined && isRefusal(chained.entry)
      const message = {
        key: auditPostKey(task.seq),
        channel,
        card: auditPost(chained),
        // The first post about a request begins its thread; the others follow in it.
        ...(threadKey === undefined || isEarly ? {} : { thread: { key: threadKey, ts: root?.ts } }),
        marks: { seq: chained.entry.seq, head: chained.hash },
        searchable: true,
        compared: true as const,
      }
      const said = await poster.say(message, job)
      if (said.kind !== 'impossible' || isRefusal(chained.entry)) return said
      // Never set aside, or what is done could outrun the audit: it waits for a Rekey that can post it.
      return { ...said, kind: 'again', at: after(now(), 60_000) }
    },

    'post-checkpoint': async (task, job) => {
      const checkpoint = await checkpoints.find(task.size)
      if (checkpoint === undefined) throw new Error(`there is no checkpoint of ${task.size}`)
      const message = {
        key: checkpointPostKey(task.size),
        channel: policy().channels.audit,
        card: checkpointPost(checkpoint),
        searchable: true,
        compared: true as const,
      }
      return poster.say(message, job)
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
      return poster.say(message, job)
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

  /** What stands in another channel has no thread in this one. */
  async function postIn(channel: string, key: string): Promise<Post | undefined> {
    const post = await posts.find(key)
    return post?.channel === channel ? post : undefined
  }

  /** Writes down whether Slack has taken it, or has refused it for good. */
  async function tellOwner(
    request: RecoveryRequest,
    owner: PersonId,
    about: NoticeTopic,
    card: Card,
    job: Job,
  ): Promise<Progress> {
    const key = ownerKey[about](request)
    const message = { key, channel: owner, card, searchable: false, mostRefusals: ownerRefusals }
    const shown = await poster.show(message, job)
    if (shown.kind === 'again') return shown
    const refused = shown.kind === 'impossible' ? shown.because : undefined
    // Only an edit was refused: what it replaces was read long ago.
    if (refused !== undefined && (await posts.find(key)) !== undefined) return { kind: 'done' }
    const told = refused === undefined ? { at: now() } : { refused }
    const { entry, extras } = ownerTold(request, about, told, policy(), now())
    const idempotencyKey = `${key} ${refused === undefined ? 'told' : 'not told'}`
    await store.write(entry, now(), idempotencyKey, extras)
    return refused !== undefined && permanentErrors.has(refused) ? shown : { kind: 'done' }
  }
}

const ownerKey = {
  request: ({ id }: RecoveryRequest) => `owner ${id} notice`,
  outcome: ({ id }: RecoveryRequest) => `owner ${id} outcome`,
} satisfies Record<NoticeTopic, (request: RecoveryRequest) => string>

// A minute apart: enough for what somebody mends at once. What is refused then is an answer.
const ownerRefusals = 3

async function found(store: Pick<Store, 'find'>, id: RequestId): Promise<RecoveryRequest> {
  const request = await store.find(id)
  if (request === undefined) throw new Error(`there is no request ${id}`)
  return request
}
