/** `/recovery`: what somebody has asked for, what waits for them, and the switch that stops everything. */

import type { webApi } from '@slack/bolt'
import { personId, type RequestId } from '../../ids.ts'
import type { Refused } from '../../recovery/model/decision.ts'
import type { Posts } from '../../recovery/ports.ts'
import type { Halting } from '../../recovery/rules/pause.ts'
import type { Desk } from '../../recovery/services/context.ts'
import type { Repeated } from '../../recovery/services/record-decision.ts'
import { readFailure } from '../api/errors.ts'
import { readPause } from '../inbound/button-value.ts'
import { type Click, pressed } from '../inbound/click.ts'
import { gestureOf } from '../inbound/envelope.ts'
import { type Answerable, answering, type Log } from '../inbound/error-reply.ts'
import { refusalSentence } from '../text/en/sentences.ts'
import { helpMessage, listMessage, type PrivateMessage, privately } from './request-list.ts'

type RecoveryDesk = Pick<Desk, 'openedBy' | 'waitingFor' | 'pause' | 'resume' | 'refuseMalformed'>

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

/** Where a request's card is, for a link to it. */
export type CardLink = (id: RequestId) => Promise<string | undefined>

/** The command with its first word: `mine`, `pending`, `pause <reason>`, `resume` or `help`. */
export function recoveryCommand(desk: RecoveryDesk, posts: Posts, log: Log) {
  return answering<RecoveryCommand & Answerable>(log, async ({ ack, respond, body, client }) => {
    // Everything that follows may take longer than Slack waits.
    await ack()
    const by = personId(body.user_id)
    const gesture = gestureOf(body.trigger_id)
    const [, verb = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*)$/.exec(body.text) ?? []
    await respond(await answerTo(verb.toLowerCase(), rest))

    async function answerTo(word: string, words: string): Promise<PrivateMessage> {
      switch (word) {
        case 'mine':
          return listMessage('mine', await desk.openedBy(by), cardLink(client, posts))
        case 'pending':
          return listMessage('pending', await desk.waitingFor(by), cardLink(client, posts))
        case 'pause':
          return haltMessage(await desk.pause(by, words, gesture))
        case 'resume':
          return haltMessage(await desk.resume(by, gesture))
        default:
          return helpMessage(word)
      }
    }
  })
}

/** “Let recoveries go on”, in an alert and in the private answers. */
export function resumeButton(desk: RecoveryDesk, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const by = personId(body.user.id)
    const gesture = gestureOf(body.trigger_id)
    const since = readPause(action.value)
    if (since === undefined) {
      await desk.refuseMalformed(by, 'resume', 'not-our-button', gesture)
      throw new Error('a click arrived without a pause')
    }
    await respond?.(haltMessage(await desk.resume(by, gesture, since)))
  })
}

/** “Let this account be recovered again”, in the alert about an owner's report. */
export function thawButton(desk: Pick<Desk, 'thaw' | 'refuseMalformed'>, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const button = await pressed(desk, { action, body }, 'thaw')
    const by = personId(body.user.id)
    const thawed = await desk.thaw(button.id, by, gestureOf(body.trigger_id))
    await respond?.(
      thawed.kind === 'refused'
        ? privately(refusalSentence(thawed.why))
        : privately('The account can be recovered again.'),
    )
  })
}

function haltMessage(halted: Halting | Refused | Repeated): PrivateMessage {
  switch (halted.kind) {
    case 'refused':
      return privately(
        halted.why === 'reason-missing'
          ? 'Please say why: `/recovery pause &lt;reason&gt;`. Nothing was paused.'
          : refusalSentence(halted.why),
      )
    case 'repeated':
      return privately('That is done already.')
    case 'moved':
      return privately(
        halted.entry.type === 'recovery.resumed'
          ? '▶️ Recoveries go on. What was approved is carried out now, as far as it has not expired.'
          : '⏸️ All recoveries are paused. Everybody who waits for one is told. `/recovery resume` lets them go on.',
      )
    default:
      return halted satisfies never
  }
}

function cardLink(client: Pick<webApi.WebClient, 'chat'>, posts: Posts): CardLink {
  return async (id) => {
    const post = await posts.find(`card ${id}`)
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
