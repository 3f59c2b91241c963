/** What messages are drawn from: it was committed before the job that posts them, so it has to be there. */

import type { ChainedEntry } from '../../audit/entry.ts'
import type { RequestId } from '../../ids.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
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

/** @throws where there is none */
export async function storedEntry(
  ledger: Pick<Ledger, 'entry'>,
  seq: number,
): Promise<ChainedEntry> {
  const chained = await ledger.entry(seq)
  if (chained === undefined) throw new Error(`there is no ledger entry ${seq}`)
  return chained
}

/** The post that stands for this in a channel. What stands in another has no thread in this one. */
export async function postIn(
  posts: Pick<Posts, 'find'>,
  channel: string,
  of: MessageKey,
): Promise<Post | undefined> {
  const post = await posts.find(messageKey(of))
  return post?.channel === channel ? post : undefined
}
