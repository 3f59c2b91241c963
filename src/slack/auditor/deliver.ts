/**
 * The outbox's jobs for auditors: the audit channel's post for every ledger entry that is public, and
 * for every checkpoint.
 */

import { isRefusal } from '../../audit/refusals.ts'
import { isPublic } from '../../audit/visibility.ts'
import type { Handlers } from '../../outbox/outbox.ts'
import type { Policy } from '../../policy/policy.ts'
import { after } from '../../recovery/model/drafts.ts'
import type { Progress } from '../../recovery/model/job.ts'
import type { Checkpoints, Ledger } from '../../recovery/ports/ledger.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import { auditPost } from '../outbound/audit-post.ts'
import { messageKey } from '../outbound/message-keys.ts'
import type { Poster } from '../outbound/poster.ts'
import { notOurs, postIn } from '../outbound/stored.ts'
import { checkpointPost } from './checkpoint-post.ts'

export interface AuditorDeliveryDeps {
  readonly ledger: Pick<Ledger, 'entry'>
  readonly checkpoints: Pick<Checkpoints, 'find'>
  readonly posts: Pick<Posts, 'find'>
  readonly poster: Poster
  readonly policy: () => Policy
  readonly now: () => Date
}

export function deliverToAuditors(
  deps: AuditorDeliveryDeps,
): Pick<Handlers, 'post-audit' | 'post-checkpoint'> {
  const { ledger, checkpoints, posts, poster, policy, now } = deps
  return {
    'post-audit': async ({ seq }, job) => {
      const chained = await ledger.entry(seq)
      if (chained === undefined || !isPublic(chained.entry)) return notOurs
      const { entry, hash } = chained
      const { request } = entry
      const channel = policy().channels.audit
      const threadOf = request === null ? undefined : ({ kind: 'audit-thread', request } as const)
      const root = threadOf && (await postIn(posts, channel, threadOf))
      // In a lane of its own, a refusal may be here before there is a thread. It begins none.
      const isEarly = root === undefined && isRefusal(entry)
      // The first post about a request begins its thread; the others follow in it.
      const thread = threadOf && !isEarly && { key: messageKey(threadOf), ts: root?.ts }
      const message = {
        key: messageKey({ kind: 'entry', seq }),
        channel,
        card: auditPost(chained),
        ...(thread && { thread }),
        marks: { seq: entry.seq, head: hash },
        searchable: true,
        compared: true as const,
      }
      const said = await poster.say(message, job)
      return isRefusal(entry) ? said : neverSetAside(said, now())
    },

    'post-checkpoint': async ({ size }, job) => {
      const checkpoint = await checkpoints.find(size)
      if (checkpoint === undefined) throw new Error(`there is no checkpoint of ${size}`)
      const message = {
        key: messageKey({ kind: 'checkpoint', size }),
        channel: policy().channels.audit,
        card: checkpointPost(checkpoint),
        searchable: true,
        compared: true as const,
      }
      return poster.say(message, job)
    },
  }
}

/**
 * The rule of the audit lane: what says that something was done is never set aside, or what is done
 * could outrun the audit. Where Slack refuses such a post for good, it waits for a Rekey that can post
 * it, all that comes after it in the lane waits behind it, and once that is too much, Rekey carries
 * out nothing more. Refusals are exempt: anybody can bring them about, and they have lanes of their own.
 */
function neverSetAside(progress: Progress, now: Date): Progress {
  return progress.kind === 'impossible'
    ? { kind: 'again', at: after(now, 60_000), because: progress.because }
    : progress
}
