/** “Recover this account” in a message's menu: whom the message names, looked up. */

import type { webApi } from '@slack/bolt'
import { personId } from '../../ids.ts'
import type { Policy } from '../../policy/policy.ts'
import type { LookUp, RequestService } from '../../recovery/services/requests.ts'
import { readFailure } from '../api/errors.ts'
import { inWindow } from '../inbound/click.ts'
import { type Answerable, answering, type Log } from '../inbound/error-reply.ts'
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
    readonly message: { readonly ts?: string | undefined; readonly text?: string | undefined }
    readonly view?: undefined
  }
}

// Each is a look-up, and nobody writes about more people in one message than they can tell apart.
const mostNamed = 3

interface ShortcutServices {
  readonly requests: Pick<RequestService, 'lookUp' | 'admit'>
  readonly policy: () => Policy
}

export function messageShortcut({ requests, policy }: ShortcutServices, log: Log) {
  return answering<MessageShortcut>(log, async ({ ack, body, client, respond }) => {
    await ack()
    const named = namedIn(body.message.text ?? '')
    await inWindow({ client, respond, body }, lookingView(named.join(', ')), log, async () => {
      const [first] = named
      const by = personId(body.user.id)
      // Whoever may not ask hears so, whatever the message says.
      if (first === undefined && (await requests.admit(by)) === undefined) {
        return findView(text.requester.search.noneNamed)
      }
      const found: LookUp[] = []
      for (const query of first === undefined ? [''] : named)
        found.push(await requests.lookUp(query, by))
      const source = await linkTo(body, client)
      return lookUpView(together(found), named.join(', '), policy(), source)
    })
  })
}

// As in RFC 5321 and ITU-T E.164, in plain text and as Slack writes links to them.
const addressed = /[^\s<>()@|:,;"']{1,64}@[^\s<>()@|:,;"']{1,255}\.[a-z]{2,63}|\+[1-9]\d{6,14}\b/giu

/** The e-mail addresses and phone numbers in a message, each once. */
export function namedIn(text: string): readonly string[] {
  const found = [...text.matchAll(addressed)].map(([match]) => match.toLowerCase())
  return [...new Set(found)].slice(0, mostNamed)
}

/** Several look-ups as one. What was found counts; why nothing was is the first's to say. */
function together(found: readonly LookUp[]): LookUp {
  const accounts = found.flatMap((each) => (each.kind === 'found' ? each.candidates : []))
  const candidates = [...new Map(accounts.map((each) => [each.account.ref.sub, each])).values()]
  const unsearchedPools = [
    ...new Set(found.flatMap((each) => ('unsearchedPools' in each ? each.unsearchedPools : []))),
  ]
  const [first] = found
  if (candidates.length === 0 && first !== undefined)
    return first.kind === 'refused' ? first : { ...first, unsearchedPools }
  return {
    kind: 'found',
    candidates,
    unsearchedPools,
    more: found.some((each) => each.kind === 'found' && each.more),
  }
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
