/** The outbox's jobs for approvers: a request's card, and the reminders below it. */

import type { Handlers } from '../../outbox/outbox.ts'
import type { Policy } from '../../policy/policy.ts'
import { findTier } from '../../policy/who.ts'
import { after } from '../../recovery/model/drafts.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { namedFor } from '../../recovery/rules/reminders.ts'
import { messageKey } from '../outbound/message-keys.ts'
import type { Poster } from '../outbound/poster.ts'
import { postIn, storedRequest } from '../outbound/stored.ts'
import { reminder } from './reminder.ts'
import { requestCard } from './request-card.ts'

export interface ApproverDeliveryDeps {
  readonly store: Pick<Store, 'find' | 'findPause' | 'findPolicyInForce'>
  readonly posts: Pick<Posts, 'find'>
  readonly poster: Poster
  readonly policy: () => Policy
  readonly now: () => Date
}

// Soon enough for what is only a matter of moments: a reload elsewhere, a card that is being posted.
const momentMs = 5_000

export function deliverToApprovers(
  deps: ApproverDeliveryDeps,
): Pick<Handlers, 'draw-card' | 'post-reminder'> {
  const { store, posts, poster, policy, now } = deps
  return {
    'draw-card': async (task, job) => {
      const inForce = await store.findPolicyInForce()
      // Two that know of different channels would take the card from each other.
      if (inForce !== undefined && inForce.hash !== policy().hash) {
        return { kind: 'again', at: after(now(), momentMs), because: 'another policy is in force' }
      }
      const request = await storedRequest(store, task.request)
      const message = {
        key: messageKey({ kind: 'card', request: request.id }),
        channel: policy().channels.approvals,
        card: requestCard(request, await store.findPause()),
        searchable: true,
      }
      return poster.show(message, job)
    },

    'post-reminder': async (task, job) => {
      const request = await storedRequest(store, task.request)
      if (request.state !== 'pending') return { kind: 'done' }
      const isEscalation = task.round === 0
      const tier = findTier(policy(), request.tier)
      const named = isEscalation
        ? (tier?.escalation?.to ?? [])
        : namedFor(request, { policy: policy(), now: now() })
      if (named.length === 0) return { kind: 'done' }
      const channel = policy().channels.approvals
      const card = await postIn(posts, channel, { kind: 'card', request: request.id })
      if (card === undefined) {
        return { kind: 'again', at: after(now(), momentMs), because: 'there is no card to answer' }
      }
      const message = {
        key: messageKey({ kind: 'reminder', request: request.id, round: task.round }),
        channel,
        card: reminder(request, named, isEscalation),
        // Not the card's own key: what is said where the card was deleted must not be taken for it.
        thread: {
          key: messageKey({ kind: 'reminder-thread', request: request.id }),
          ts: card.ts,
        },
        searchable: true,
      }
      return poster.say(message, job)
    },
  }
}
