/** `/reset-password`: finding the account, and the form that asks for its recovery. */

import type { types } from '@slack/bolt'
import { personId } from '../names.ts'
import type { Desk, LookUp } from '../recovery/desk.ts'
import { readButton } from './button-value.ts'
import { type Click, inWindow } from './click.ts'
import { type FormAnswer, formListener, type Submission } from './form.ts'
import { noticeView } from './notice.ts'
import {
  chooserView,
  findView,
  formErrors,
  formView,
  lookingView,
  openedView,
  readChoice,
  readForm,
  readQuery,
} from './recovery-form.ts'
import { type Answerable, answering, type Log, showIn } from './trouble.ts'
import { failureWords, refusalSentence } from './words.ts'

export interface Command extends Answerable {
  readonly ack: () => Promise<void>
  readonly body: {
    readonly trigger_id: string
    readonly user_id: string
    readonly text: string
    readonly view?: undefined
  }
}

export interface Choice extends Answerable {
  readonly ack: () => Promise<void>
  readonly action: { readonly value?: string | undefined }
  readonly body: {
    readonly user: { readonly id: string }
    readonly view?: { readonly id: string } | undefined
  }
}

type AskingDesk = Pick<Desk, 'admit' | 'lookUp' | 'lookAt' | 'lookAgain' | 'open' | 'policy'>

/** The command, with or without a word about who is meant. */
export function resetPasswordCommand(desk: AskingDesk, log: Log) {
  return answering<Command>(log, async ({ ack, body, client, respond }) => {
    await ack()
    const query = body.text.trim()
    await inWindow({ client, respond, body }, lookingView(query), log, async () => {
      const by = personId(body.user_id)
      if (query !== '') return lookUpView(await desk.lookUp(query, by), query, desk)
      const why = await desk.admit(by)
      return why === undefined ? findView() : refusedView(refusalSentence(why))
    })
  })
}

/** “Find” in the window that opens when the command came alone. */
export function findSubmission(desk: AskingDesk, log: Log) {
  return async ({ ack, body, client, view }: Submission): Promise<void> => {
    const query = readQuery(view)
    await ack({ response_action: 'update', view: lookingView(query) })
    await answering<Answerable>(log, async () => {
      const found = await desk.lookUp(query, personId(body.user.id))
      await showIn(client, view.id, lookUpView(found, query, desk))
    })({ client, body: { view } })
  }
}

/** “Choose” beside one of several accounts. */
export function chooseButton(desk: AskingDesk, log: Log) {
  return answering<Choice>(log, async ({ ack, action, body, client }) => {
    await ack()
    const choice = readChoice(action.value ?? '')
    if (choice === undefined || body.view === undefined)
      throw new Error('a choice arrived without an account')
    await showIn(client, body.view.id, lookingView(''))
    const found = await desk.lookAt(choice.pool, choice.sub, personId(body.user.id))
    await showIn(client, body.view.id, lookUpView(found, '', desk))
  })
}

/** “Ask again…” on the outcome of an earlier request. */
export function againButton(desk: AskingDesk, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, client, respond }) => {
    await ack()
    const button = readButton(action.value)
    if (button === undefined) throw new Error('a click arrived without a request')
    await inWindow({ client, respond, body }, lookingView(''), log, async () => {
      const found = await desk.lookAgain(button.id, personId(body.user.id))
      return lookUpView(found, '', desk)
    })
  })
}

/** “Send request” in the form. */
export function requestSubmission(desk: AskingDesk, log: Log) {
  return formListener(log, async ({ body, view }, gesture): Promise<FormAnswer> => {
    const form = readForm(view)
    if (form.kind === 'errors') return form
    const decision = await desk.open(form.application, personId(body.user.id), gesture)
    switch (decision.kind) {
      case 'moved':
        return { kind: 'replaced', view: openedView(decision.change.request) }
      case 'repeated':
        return { kind: 'closed' }
      case 'failed':
        return { kind: 'notice', view: noticeView('Not sent', failureWords[decision.failure.kind]) }
      case 'refused': {
        const errors = formErrors(decision.why)
        if (errors !== undefined) return { kind: 'errors', errors }
        return {
          kind: 'notice',
          view: refusedView(refusalSentence(decision.why, decision.request, decision.limit)),
        }
      }
      default:
        return decision satisfies never
    }
  })
}

function lookUpView(found: LookUp, query: string, desk: Pick<Desk, 'policy'>): types.ModalView {
  switch (found.kind) {
    case 'refused':
      return refusedView(refusalSentence(found.why, undefined, found.limit))
    case 'failed':
      return findView(failureWords[found.failure.kind])
    case 'none':
      return findView(
        `No account matches “${query}”. Try the whole e-mail address, or another part of the name.`,
      )
    case 'found': {
      const [only, ...others] = found.candidates
      if (only !== undefined && others.length === 0 && !found.more)
        return formView(only, desk.policy)
      return chooserView(found.candidates, found.more)
    }
    default:
      return found satisfies never
  }
}

function refusedView(sentence: string): types.ModalView {
  return noticeView('Not possible', sentence)
}
