/** Clicks that open a window: it has to be open before Slack's trigger dies, and is filled afterwards. */

import type { types } from '@slack/bolt'
import { type Answerable, answering, type Log, showIn } from './trouble.ts'

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

type Opener = Pick<Click, 'client' | 'respond'> & {
  readonly body: { readonly trigger_id: string }
}

/**
 * Opens a window with `waiting` in it, and then shows what `fill` comes to; `fill` gets the
 * window's id. A trigger lives for three seconds, so whatever takes time comes after the opening.
 */
export async function inWindow(
  { client, respond, body }: Opener,
  waiting: types.ModalView,
  log: Log,
  fill: (viewId: string) => Promise<types.ModalView | undefined>,
): Promise<void> {
  const { view } = await client.views.open({ trigger_id: body.trigger_id, view: waiting })
  const viewId = view?.id
  if (viewId === undefined) throw new Error('Slack opened a window without saying which')
  const fillIn = answering<Answerable>(log, async () => {
    const filled = await fill(viewId)
    if (filled !== undefined) await showIn(client, viewId, filled)
  })
  await fillIn({ client, respond, body: { view: { id: viewId } } })
}
