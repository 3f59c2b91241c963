/** The outbox's jobs for whoever asked: their messages, and taking a shown password off the screen. */

import type { webApi } from '@slack/bolt'
import type { Handlers } from '../../outbox/outbox.ts'
import type { Policy } from '../../policy/policy.ts'
import { waitsForPause } from '../../recovery/model/pause.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { readFailure } from '../api/errors.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { messageKey } from '../outbound/message-keys.ts'
import type { Poster } from '../outbound/poster.ts'
import { storedRequest } from '../outbound/stored.ts'
import { pauseNotice, requesterOutcome, requesterReceipt } from './messages.ts'
import { clearedView } from './password-modal.ts'

export interface RequesterDeliveryDeps {
  readonly store: Pick<Store, 'find' | 'findPause' | 'listOpen'>
  readonly posts: Pick<Posts, 'find'>
  readonly poster: Poster
  readonly client: Pick<webApi.WebClient, 'views'>
  readonly policy: () => Policy
}

export function deliverToRequester(
  deps: RequesterDeliveryDeps,
): Pick<Handlers, 'tell-requester' | 'notify-pause' | 'clear-reveal'> {
  const { store, posts, poster, client, policy } = deps
  return {
    'tell-requester': async (task, job) => {
      const request = await storedRequest(store, task.request)
      const to = (stage: 'sent' | 'outcome', card: MessageBody) => ({
        key: messageKey({ kind: 'requester', request: request.id, stage }),
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

    'notify-pause': async ({ request, change, since }, job) => {
      const pause = await store.findPause()
      const isCurrent = pause?.since.getTime() === since
      // Overtaken: what has come since has a message of its own.
      if (change === 'paused' ? !isCurrent : pause !== undefined) return { kind: 'done' }
      const { requestedBy } = await storedRequest(store, request)
      const { requests: open } = await store.listOpen()
      const theirs = open.filter((each) => each.requestedBy === requestedBy && waitsForPause(each))
      if (theirs.length === 0) return { kind: 'done' }
      const message = {
        key: messageKey({ kind: 'pause', requester: requestedBy, change, since }),
        channel: requestedBy,
        card: pauseNotice(theirs, pause),
        searchable: false,
      }
      return poster.say(message, job)
    },

    'clear-reveal': async ({ view }) => {
      try {
        await client.views.update({ view_id: view, view: clearedView() })
      } catch (error) {
        // A window that was closed shows nothing any more, which is all we want.
        const failure = readFailure(error)
        if (failure.kind !== 'refused') throw error
      }
      return { kind: 'done' }
    },
  }
}
