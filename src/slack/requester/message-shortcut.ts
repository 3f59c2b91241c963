/** “Recover this account” in a message's menu: whom the message names, looked up. */

import type { webApi } from '@slack/bolt'
import { personId } from '../../ids.ts'
import { termsNamed, termText } from '../../lookup/terms.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RequestService } from '../../recovery/services/requests.ts'
import { readFailure } from '../api/errors.ts'
import { inWindow } from '../inbound/click.ts'
import { type Answerable, answering, type Log } from '../inbound/error-reply.ts'
import { messageText, type ReadableMessage } from '../inbound/message-text.ts'
import { text } from '../text/text.ts'
import { findView, lookingView } from './account-search.ts'
import { isMessageLink } from './form-fields.ts'
import { lookUpView } from './reset-password.ts'

export interface MessageShortcut extends Answerable {
  readonly ack: () => Promise<void>
  readonly client: Pick<webApi.WebClient, 'chat' | 'views'>
  readonly body: {
    readonly trigger_id: string
    readonly user: { readonly id: string }
    readonly channel: { readonly id: string }
    readonly message: ReadableMessage & { readonly ts?: string | undefined }
    readonly view?: undefined
  }
}

interface ShortcutServices {
  readonly requests: Pick<RequestService, 'lookUp' | 'admit'>
  readonly policy: () => Policy
}

export function messageShortcut({ requests, policy }: ShortcutServices, log: Log) {
  return answering<MessageShortcut>(log, async ({ ack, body, client, respond }) => {
    await ack()
    const terms = termsNamed(messageText(body.message), policy().pools)
    const query = terms.map(termText).join(', ')
    await inWindow({ client, respond, body }, lookingView(query), log, async () => {
      const by = personId(body.user.id)
      if (terms.length === 0) {
        // Whoever may not ask hears so, whatever the message says.
        const why = await requests.admit(by)
        if (why === undefined) return findView(text.requester.search.noneNamed)
        return lookUpView({ kind: 'refused', why }, policy(), { query, terms })
      }
      const found = await requests.lookUp(terms, by)
      const message = { link: await linkTo(body, client) }
      return lookUpView(found, policy(), { query, terms, message })
    })
  })
}

/** Where the message is. In a channel that Rekey can't see there is no link, and the request has none. */
async function linkTo(
  { channel, message }: MessageShortcut['body'],
  client: MessageShortcut['client'],
): Promise<string | undefined> {
  if (message.ts === undefined) return undefined
  try {
    const asked = { channel: channel.id, message_ts: message.ts }
    const { permalink } = await client.chat.getPermalink(asked)
    return isMessageLink(permalink) ? permalink : undefined
  } catch (error) {
    if (readFailure(error).kind === 'refused') return undefined
    throw error
  }
}
