/** What messages are drawn from: it was committed before the job that posts them, so it has to be there. */

import type { RequestId } from '../../ids.ts'
import type { Progress } from '../../recovery/model/job.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Post, Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { type MessageKey, messageKey } from './message-keys.ts'

/** @throws where there is none */
export async function storedRequest(
  store: Pick<Store, 'find'>,
  id: RequestId,
): Promise<RecoveryRequest> {
  const request = await store.find(id)
  if (request === undefined) throw new Error(`there is no request ${id}`)
  return request
}

/** What becomes of a job that no entry is cause for: somebody else has ordered it. */
export const notOurs: Progress = { kind: 'impossible', because: 'no entry is cause for it' }

/** The post that stands for this in a channel. What stands in another has no thread in this one. */
export async function postIn(
  posts: Pick<Posts, 'find'>,
  channel: string,
  of: MessageKey,
): Promise<Post | undefined> {
  const post = await posts.find(messageKey(of))
  return post?.channel === channel ? post : undefined
}
