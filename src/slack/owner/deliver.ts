/** The outbox's job for an account's owner: telling them, and writing down whether they could be told. */

import type { PersonId } from '../../ids.ts'
import type { Handlers } from '../../outbox/outbox.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Job, Progress } from '../../recovery/model/job.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { type NoticeTopic, ownerTold } from '../../recovery/rules/owner-notice.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { messageKey } from '../outbound/message-keys.ts'
import { type Poster, permanentErrors } from '../outbound/poster.ts'
import { storedRequest } from '../outbound/stored.ts'
import { ownerNotice, ownerOutcome } from './messages.ts'

export interface OwnerDeliveryDeps {
  readonly store: Pick<Store, 'find' | 'findPause' | 'write'>
  readonly posts: Pick<Posts, 'find'>
  readonly poster: Poster
  readonly policy: () => Policy
  readonly now: () => Date
}

// A minute apart: enough for what somebody mends at once. What is refused then is an answer.
const mostRefusals = 3

export function deliverToOwner(deps: OwnerDeliveryDeps): Pick<Handlers, 'tell-owner'> {
  return {
    'tell-owner': async (task, job) => {
      const request = await storedRequest(deps.store, task.request)
      const { owner } = request
      if (owner === undefined) return { kind: 'done' }
      const card = ownerNotice(request, await deps.store.findPause())
      const told = await tell(deps, { request, owner, about: 'request', card }, job)
      const outcome = ownerOutcome(request)
      if (outcome === undefined || told.kind !== 'done') return told
      return tell(deps, { request, owner, about: 'outcome', card: outcome }, job)
    },
  }
}

interface ToOwner {
  readonly request: RecoveryRequest
  readonly owner: PersonId
  readonly about: NoticeTopic
  readonly card: MessageBody
}

/** Writes down whether Slack has taken it, or has refused it for good. */
async function tell(
  { store, posts, poster, policy, now }: OwnerDeliveryDeps,
  { request, owner, about, card }: ToOwner,
  job: Job,
): Promise<Progress> {
  const key = messageKey({ kind: 'owner', request: request.id, stage: stages[about] })
  const message = { key, channel: owner, card, searchable: false, mostRefusals }
  const shown = await poster.show(message, job)
  if (shown.kind === 'again') return shown
  const refused = shown.kind === 'impossible' ? shown.because : undefined
  // Only an edit was refused: what it replaces was read long ago.
  if (refused !== undefined && (await posts.find(key)) !== undefined) return { kind: 'done' }
  const told = refused === undefined ? { at: now() } : { refused }
  const { entry, extras } = ownerTold(request, about, told, { policy: policy(), now: now() })
  const idempotencyKey = `${key} ${refused === undefined ? 'told' : 'not told'}`
  await store.write(entry, now(), idempotencyKey, extras)
  return refused !== undefined && permanentErrors.has(refused) ? shown : { kind: 'done' }
}

const stages = { request: 'notice', outcome: 'outcome' } as const satisfies Record<
  NoticeTopic,
  string
>
