/**
 * The one door. Everything that Slack delivers, of whatever kind, passes here before anything else
 * looks at it: it must be for this app, from this workspace, by a whole member of it.
 */

import type { Logger } from 'pino'
import type { Objection } from '../../audit/entries/words.ts'
import { personId } from '../../ids.ts'
import type { Directory } from '../../recovery/ports/directory.ts'
import type { Journal } from '../../recovery/services/journal.ts'
import type { ChannelWatch } from '../directory/shared-channels.ts'
import { text } from '../text/text.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { ephemeral, errorSentence } from './error-reply.ts'
import { noticeView } from './notice.ts'

export interface Home {
  readonly appId: string
  readonly teamId: string
}

/** As much of Bolt's middleware arguments as the guard uses. Not every kind of payload can be acked. */
export interface Incoming {
  readonly body: unknown
  readonly next: () => Promise<void>
  readonly ack?: unknown
  readonly respond?: unknown
}

export interface GuardDeps {
  readonly home: Home
  readonly journal: Pick<Journal, 'turnAway'>
  readonly directory: Pick<Directory, 'person'>
  readonly channels: Pick<ChannelWatch, 'isShared'>
  readonly log: Pick<Logger, 'warn' | 'error'>
}

const nobody = personId('unknown')

export function guard({ home, journal, directory, channels, log }: GuardDeps) {
  return async (incoming: Incoming): Promise<void> => {
    const envelope = readEnvelope(incoming.body)
    const kind = envelope?.kind ?? 'unknown'
    const by = envelope?.userId === undefined ? nobody : personId(envelope.userId)
    let why: Objection | undefined
    try {
      why =
        envelope === undefined ? 'unreadable' : await objection(envelope, home, directory, channels)
    } catch (error) {
      // Without knowing who it is, nobody gets in; but they hear that it isn't them.
      await answer(kind, incoming, text.shared.replies.somethingWrong, errorSentence(error, log))
      return journal.turnAway(by, kind, 'not-checked', envelope?.idempotencyKey)
    }
    if (why === undefined) return incoming.next()

    log.warn({ kind, because: why }, 'turned away')
    await answer(kind, incoming, text.shared.replies.notPossible, text.shared.replies.turnedAway)
    await journal.turnAway(by, kind, why, envelope?.idempotencyKey)
  }
}

/** Why a payload goes no further; undefined if nothing speaks against it. */
async function objection(
  envelope: Envelope,
  home: Home,
  directory: Pick<Directory, 'person'>,
  channels: Pick<ChannelWatch, 'isShared'>,
): Promise<Objection | undefined> {
  if (envelope.appId !== home.appId) return 'other-app'
  if (envelope.enterpriseInstall) return 'enterprise-install'
  // None at all is as suspicious as a wrong one.
  if (envelope.teamIds.length === 0) return 'no-team'
  if (envelope.teamIds.some((id) => id !== home.teamId)) return 'other-team'
  if (envelope.userId === undefined) return 'no-user'
  const person = await directory.person(personId(envelope.userId))
  if (person === undefined) return 'unknown-user'
  if (!person.member) return 'not-a-member'
  // A button is pressed where it was posted. Commands may come from anywhere: they carry nothing.
  const isPressed = envelope.kind === 'block_actions' && envelope.channelId !== undefined
  return isPressed && (await channels.isShared(envelope.channelId)) ? 'shared-channel' : undefined
}

/** Acknowledges in the way that this kind of payload can carry words, if it can. */
async function answer(
  kind: string,
  incoming: Incoming,
  title: string,
  words: string,
): Promise<void> {
  const { ack, respond } = incoming
  if (typeof ack === 'function') await ack(...acknowledgement(kind, title, words))
  if (kind === 'block_actions' && typeof respond === 'function') await respond(ephemeral(words))
}

function acknowledgement(kind: string, title: string, words: string): unknown[] {
  switch (kind) {
    case 'slash_command':
      return [ephemeral(words)]
    case 'view_submission':
      // On top of the form: an empty answer would close it, with all that was typed into it.
      return [{ response_action: 'push', view: noticeView(title, words) }]
    default:
      return []
  }
}
