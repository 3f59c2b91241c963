/** `/recovery`: what somebody has asked for, what waits for them, and the switch that stops everything. */

import type { webApi } from '@slack/bolt'
import { personId, requestId } from '../../ids.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import type { DecisionService } from '../../recovery/services/decisions.ts'
import type { ProtectionService } from '../../recovery/services/protection.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import {
  type Answerable,
  answering,
  type Log,
  type PrivateMessage,
  privately,
} from '../inbound/error-reply.ts'
import { readSlackText } from '../inbound/slack-text.ts'
import { text } from '../text/text.ts'
import { cardLink } from './card-link.ts'
import { helpMessage, listMessage } from './request-list.ts'

interface OverviewServices {
  readonly decisions: Pick<DecisionService, 'openedBy' | 'waitingFor'>
  readonly protection: Pick<ProtectionService, 'pause' | 'resume' | 'clearLimit'>
}

export interface RecoveryCommand {
  readonly ack: (message?: PrivateMessage) => Promise<void>
  readonly respond: (message: PrivateMessage) => Promise<unknown>
  readonly body: {
    readonly trigger_id: string
    readonly user_id: string
    readonly text: string
    readonly view?: undefined
  }
  readonly client: Pick<webApi.WebClient, 'chat' | 'views'>
}

/** The command with its first word: `mine`, `pending`, `pause <reason>`, `resume`, `clear <request>` or `help`. */
export function recoveryCommand(
  { decisions, protection }: OverviewServices,
  posts: Posts,
  log: Log,
) {
  return answering<RecoveryCommand & Answerable>(log, async ({ ack, respond, body, client }) => {
    // Everything that follows may take longer than Slack waits.
    await ack()
    const by = personId(body.user_id)
    const idempotencyKey = idempotencyKeyOf(body.trigger_id)
    const [, verb = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*)$/.exec(readSlackText(body.text)) ?? []
    await respond(await answerTo(verb.toLowerCase(), rest))

    async function answerTo(word: string, words: string): Promise<PrivateMessage> {
      switch (word) {
        case 'mine':
          return listMessage('mine', await decisions.openedBy(by), cardLink(client, posts))
        case 'pending':
          return listMessage('pending', await decisions.waitingFor(by), cardLink(client, posts))
        case 'pause':
          return privately(
            text.shared.pause.answer(await protection.pause({ by, reason: words, idempotencyKey })),
          )
        case 'resume':
          return privately(
            text.shared.pause.answer(await protection.resume({ by, idempotencyKey })),
          )
        case 'clear':
          return privately(await clear(words))
        default:
          return helpMessage(word)
      }
    }

    async function clear(words: string): Promise<string> {
      const request = requestId(words.trim().toUpperCase())
      if (request === undefined) return text.overview.clear.noRequest
      const cleared = await protection.clearLimit({ request, by, idempotencyKey })
      if (cleared.kind === 'refused') return text.shared.refusals.sentence(cleared.why)
      return cleared.kind === 'repeated'
        ? text.shared.pause.answer(cleared)
        : text.overview.clear.done
    }
  })
}
