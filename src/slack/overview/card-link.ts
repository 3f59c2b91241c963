import type { webApi } from '@slack/bolt'
import type { RequestId } from '../../ids.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import { readFailure } from '../api/errors.ts'
import { messageKey } from '../outbound/message-keys.ts'

export function cardLink(client: Pick<webApi.WebClient, 'chat'>, posts: Posts): CardLink {
  return async (id) => {
    const post = await posts.find(messageKey({ kind: 'card', request: id }))
    if (post === undefined) return undefined
    try {
      const { channel, ts } = post
      return (await client.chat.getPermalink({ channel, message_ts: ts })).permalink
    } catch (error) {
      // A list without a link is still a list.
      if (readFailure(error).kind === 'refused') return undefined
      throw error
    }
  }
}

/** Where a request's card is, for a link to it. */
export type CardLink = (id: RequestId) => Promise<string | undefined>
