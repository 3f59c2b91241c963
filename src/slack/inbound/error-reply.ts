/**
 * When something unexpected happens, the person hears one neutral sentence with a reference, and
 * the log has the error under the same reference.
 */

import { randomBytes } from 'node:crypto'
import type { types, webApi } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import type { Logger } from 'pino'
import { readFailure } from '../api/errors.ts'
import { text } from '../text/text.ts'
import { noticeView } from './notice.ts'

/** The parts of Bolt's listener arguments by which a person can be answered. */
export interface Answerable {
  readonly client: Pick<webApi.WebClient, 'views'>
  readonly body: { readonly view?: { readonly id: string } | undefined }
  readonly respond?: ((message: EphemeralMessage) => Promise<unknown>) | undefined
}

export interface EphemeralMessage {
  readonly response_type: 'ephemeral'
  readonly replace_original: false
  readonly text: string
}

export type Log = Pick<Logger, 'error' | 'warn'>

/** A listener that answers even when it fails. */
export function answering<Args extends Answerable>(
  log: Log,
  listener: (args: Args) => Promise<void>,
) {
  return async (args: Args): Promise<void> => {
    try {
      await listener(args)
    } catch (error) {
      const words = errorSentence(error, log)
      if (args.body.view === undefined) await args.respond?.(ephemeral(words))
      else await showIn(args.client, args.body.view.id, errorView(words))
    }
  }
}

/** Draws a window anew. One that was closed meanwhile is none of our business any more. */
export async function showIn(
  client: Pick<webApi.WebClient, 'views'>,
  viewId: string,
  view: types.ModalView,
): Promise<void> {
  try {
    await client.views.update({ view_id: viewId, view })
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind !== 'refused' || failure.error !== 'not_found') throw error
  }
}

/** The window with that sentence. */
export function errorView(sentence: string): types.ModalView {
  return noticeView(text.shared.replies.somethingWrong, sentence)
}

export function errorSentence(error: unknown, log: Log): string {
  const reference = randomBytes(4).toString('hex')
  log.error({ err: error, reference }, 'a click or submission could not be dealt with')
  return text.shared.replies.unexpected(reference)
}

export function ephemeral(text: string): EphemeralMessage {
  return { response_type: 'ephemeral', replace_original: false, text }
}

/** An answer that only the person who asked can see. */
export interface PrivateMessage {
  readonly response_type: 'ephemeral'
  readonly replace_original: false
  readonly text: string
  readonly blocks?: KnownBlock[]
}

export function privately(text: string, blocks?: KnownBlock[]): PrivateMessage {
  return {
    response_type: 'ephemeral',
    replace_original: false,
    text,
    ...(blocks && { blocks }),
  }
}
