/** Answering a submitted form: within Slack's three seconds, and never so that what was typed is lost. */

import type { types, webApi } from '@slack/bolt'
import { text } from '../text/text.ts'
import { sinceArrival } from './ack-budget.ts'
import { delay } from './delay.ts'
import { idempotencyKeyOf } from './envelope.ts'
import { errorSentence, errorView, type Log } from './error-reply.ts'
import { noticeView } from './notice.ts'

/** As much of Bolt's arguments as a form's listener uses, so that a test can pass a plain object. */
export interface Submission {
  readonly ack: (response?: ViewResponse) => Promise<void>
  readonly client: Pick<webApi.WebClient, 'views'>
  readonly context: Readonly<Record<string, unknown>>
  readonly body: { readonly trigger_id: string; readonly user: { readonly id: string } }
  readonly view: {
    readonly id: string
    readonly private_metadata: string
    readonly state: { readonly values: Record<string, Record<string, unknown>> }
  }
}

type ViewResponse =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update' | 'push'; readonly view: types.ModalView }
  | { readonly response_action: 'clear' }

export type FormAnswer =
  /** The form has done its work, and this takes its place. */
  | { readonly kind: 'replaced'; readonly view: types.ModalView }
  /** The form stays as it is; this lies on top of it. */
  | { readonly kind: 'notice'; readonly view: types.ModalView }
  /** The form stays as it is, with a sentence under each of these fields. */
  | { readonly kind: 'errors'; readonly errors: Record<string, string> }
  /** Every window of this app closes. */
  | { readonly kind: 'closed' }

// Slack drops a submission that is not answered within 3 s. Leave a second for the network.
const ackBudgetMs = 2_000

/** A form's listener: `decide` records what was asked for, and says what to show. */
export function formListener(
  log: Log,
  decide: (submission: Submission, idempotencyKey: string) => Promise<FormAnswer>,
) {
  return async (submission: Submission): Promise<void> => {
    const idempotencyKey = idempotencyKeyOf(submission.body.trigger_id)
    const answer = decide(submission, idempotencyKey).catch(
      (error): FormAnswer => ({
        kind: 'notice',
        view: errorView(errorSentence(error, log)),
      }),
    )
    const left = ackBudgetMs - sinceArrival(submission.context)
    const inTime = await Promise.race([answer, delay(Math.max(left, 0))])
    if (inTime !== undefined) return submission.ack(response(inTime))

    // The form lies untouched beneath this, in case it is needed again.
    const working = {
      ...noticeView(text.shared.replies.oneMoment, text.shared.replies.stillWorking),
      external_id: idempotencyKey,
    }
    await submission.ack({ response_action: 'push', view: working })
    await showLate(submission, idempotencyKey, lateView(await answer), log)
  }
}

/** Tries twice: the window says “still working”, and nothing else would ever correct it. */
async function showLate(
  { client }: Submission,
  idempotencyKey: string,
  view: types.ModalView,
  log: Log,
): Promise<void> {
  try {
    await client.views.update({ external_id: idempotencyKey, view })
  } catch (error) {
    log.warn({ err: error }, 'a late answer could not be shown; trying once more')
    await delay(1_000)
    await client.views.update({ external_id: idempotencyKey, view })
  }
}

function response(answer: FormAnswer): ViewResponse {
  switch (answer.kind) {
    case 'replaced':
      return { response_action: 'update', view: answer.view }
    case 'notice':
      return { response_action: 'push', view: answer.view }
    case 'errors':
      return { response_action: 'errors', errors: answer.errors }
    case 'closed':
      return { response_action: 'clear' }
    default:
      return answer satisfies never
  }
}

function lateView(answer: FormAnswer): types.ModalView {
  switch (answer.kind) {
    case 'replaced':
    case 'notice':
      return answer.view
    case 'errors':
      return noticeView(text.shared.replies.lookAgain, Object.values(answer.errors).join('\n'))
    case 'closed':
      return noticeView(text.shared.replies.done, text.shared.replies.recorded)
    default:
      return answer satisfies never
  }
}
