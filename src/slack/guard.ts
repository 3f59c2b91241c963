/**
 * The one door. Everything that Slack delivers, of whatever kind, passes here before anything else
 * looks at it: it must be for this app, from this workspace, by a whole member of it.
 */

import type { Logger } from 'pino'
import { personId } from '../names.ts'
import type { Desk } from '../recovery/desk.ts'
import type { Directory } from '../recovery/ports.ts'
import { type Envelope, readEnvelope } from './payload.ts'

export interface Home {
  readonly appId: string
  readonly teamId: string
}

/** As much of Bolt's middleware arguments as the guard uses. Not every kind of payload can be acked. */
export interface Arrival {
  readonly body: unknown
  readonly next: () => Promise<void>
  readonly ack?: unknown
  readonly respond?: unknown
}

export interface GuardParts {
  readonly home: Home
  readonly desk: Pick<Desk, 'turnAway'>
  readonly directory: Pick<Directory, 'person'>
  readonly log: Pick<Logger, 'warn' | 'error'>
}

/** What a person reads who is turned away. It tells them nothing about why the door is closed. */
const turnedAway = 'You can’t use Rekey. If you think you should, ask the people who run it.'

const nobody = personId('unknown')

export function guard({ home, desk, directory, log }: GuardParts) {
  return async ({ body, next, ack, respond }: Arrival): Promise<void> => {
    const envelope = readEnvelope(body)
    const why = envelope === undefined ? 'unreadable' : await objection(envelope, home, directory)
    if (why === undefined) return next()

    const kind = envelope?.kind ?? 'unknown'
    log.warn({ kind, because: why }, 'turned away')
    const by = envelope?.userId === undefined ? nobody : personId(envelope.userId)
    await answer(kind, ack, respond)
    await desk.turnAway(by, kind, why, envelope?.gesture)
  }
}

/** Why a payload goes no further; undefined if nothing speaks against it. */
async function objection(
  envelope: Envelope,
  home: Home,
  directory: Pick<Directory, 'person'>,
): Promise<string | undefined> {
  if (envelope.appId !== home.appId) return 'other-app'
  if (envelope.enterpriseInstall) return 'enterprise-install'
  // None at all is as suspicious as a wrong one.
  if (envelope.teamIds.length === 0) return 'no-team'
  if (envelope.teamIds.some((id) => id !== home.teamId)) return 'other-team'
  if (envelope.userId === undefined) return 'no-user'
  const person = await directory.person(personId(envelope.userId))
  if (person === undefined) return 'unknown-user'
  return person.member ? undefined : 'not-a-member'
}

async function answer(kind: string, ack: unknown, respond: unknown): Promise<void> {
  const message = { response_type: 'ephemeral', replace_original: false, text: turnedAway }
  if (typeof ack === 'function') {
    // Only the answer to a command is shown; a form is closed by an empty one.
    await (kind === 'slash_command' ? ack(message) : ack())
  }
  if (kind !== 'slash_command' && typeof respond === 'function') await respond(message)
}
