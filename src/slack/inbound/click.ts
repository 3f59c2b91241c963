/**
 * Clicks: those that decide at once, and those that open a window, which has to be open before Slack's
 * trigger dies, and is filled afterwards.
 */

import type { types } from '@slack/bolt'
import { type PersonId, personId } from '../../ids.ts'
import type { Decision } from '../../recovery/model/decision.ts'
import type { Attempt } from '../../recovery/model/drafts.ts'
import type { Journal, MalformedWish } from '../../recovery/services/journal.ts'
import type { Repeated } from '../../recovery/services/record-decision.ts'
import { readFailure } from '../api/errors.ts'
import { text } from '../text/text.ts'
import { type RequestButton, readButton } from './button-value.ts'
import { idempotencyKeyOf } from './envelope.ts'
import { type Answerable, answering, ephemeral, type Log, showIn } from './error-reply.ts'

/** As much of Bolt's arguments as a button's listener uses, so that a test can pass a plain object. */
export interface Click extends Answerable {
  readonly ack: () => Promise<void>
  readonly action: { readonly value?: string | undefined }
  readonly body: {
    readonly trigger_id: string
    readonly user: { readonly id: string }
    readonly view?: { readonly id: string } | undefined
  }
}

/** The request that a button was drawn for. Anything else in its place is written down, and goes no further. */
export async function readRequestButton(
  journal: Pick<Journal, 'refuseMalformed'>,
  { action, body }: Pick<Click, 'action' | 'body'>,
  attempt: MalformedWish['attempt'],
): Promise<RequestButton> {
  const button = readButton(action.value)
  if (button !== undefined) return button
  const by = personId(body.user.id)
  const idempotencyKey = idempotencyKeyOf(body.trigger_id)
  await journal.refuseMalformed({ by, attempt, because: 'not-our-button', idempotencyKey })
  throw new Error('a click arrived without a request')
}

type Opener = Pick<Click, 'client' | 'respond'> & {
  readonly body: { readonly trigger_id: string }
}

/**
 * Opens a window with `waiting` in it, and then shows what `fill` comes to; `fill` gets the
 * window's id. A trigger lives for three seconds, so whatever takes time comes after the opening.
 * A click that is delivered again opens nothing more. One that comes too late for its window does
 * nothing, and the person is told so.
 */
export async function inWindow(
  opener: Opener,
  waiting: types.ModalView,
  log: Log,
  fill: (viewId: string) => Promise<types.ModalView | undefined>,
): Promise<void> {
  const { client, respond } = opener
  const viewId = await openOnce(opener, waiting)
  if (viewId === undefined) return
  const fillIn = answering<Answerable>(log, async () => {
    const filled = await fill(viewId)
    if (filled !== undefined) await showIn(client, viewId, filled)
  })
  await fillIn({ client, respond, body: { view: { id: viewId } } })
}

// Slack's reference and its guide spell them differently.
const spent: ReadonlySet<string> = new Set(['exchanged_trigger_id', 'trigger_exchanged'])
const tooLate: ReadonlySet<string> = new Set(['expired_trigger_id', 'trigger_expired'])

/** @returns the window's id; undefined when this very click has opened its window before, or can't any more */
async function openOnce(
  { client, respond, body }: Opener,
  waiting: types.ModalView,
): Promise<string | undefined> {
  try {
    const { view } = await client.views.open({ trigger_id: body.trigger_id, view: waiting })
    if (view?.id === undefined) throw new Error('Slack opened a window without saying which')
    return view.id
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind !== 'refused') throw error
    if (tooLate.has(failure.error)) await respond?.(ephemeral(text.shared.replies.tooLate))
    else if (!spent.has(failure.error)) throw error
    return undefined
  }
}

/** A button that asks nothing more. What it did shows on the card, which is drawn after the commit. */
export function decideAtOnce(
  journal: Pick<Journal, 'refuseMalformed'>,
  log: Log,
  attempt: Attempt,
  decide: (
    button: RequestButton,
    by: PersonId,
    idempotencyKey: string,
  ) => Promise<Decision | Repeated>,
) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    const button = await readRequestButton(journal, { action, body }, attempt)
    const decision = await decide(button, personId(body.user.id), idempotencyKeyOf(body.trigger_id))
    // Not before it is stored: a click that Slack has been told of must not be lost.
    await ack()
    if (decision.kind === 'refused') {
      await respond?.(
        ephemeral(text.shared.refusals.sentence(decision.why, decision.request, decision)),
      )
    }
  })
}
