/** `/reset-password`: finding the account, and the form that asks for its recovery. */

import type { types } from '@slack/bolt'
import { z } from 'zod'
import { personId } from '../../ids.ts'
import { needsCountry, termsTyped } from '../../lookup/terms.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Incomplete } from '../../recovery/ports/accounts.ts'
import type { Journal } from '../../recovery/services/journal.ts'
import type { LookUp, RequestService } from '../../recovery/services/requests.ts'
import { readChoice } from '../inbound/button-value.ts'
import { type Click, inWindow, readRequestButton } from '../inbound/click.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import { type Answerable, answering, type Log, showIn } from '../inbound/error-reply.ts'
import { noticeView } from '../inbound/notice.ts'
import { readSlackText } from '../inbound/slack-text.ts'
import { type FormAnswer, formListener, type Submission } from '../inbound/submission.ts'
import { metadataOf } from '../inbound/view-values.ts'
import { text } from '../text/text.ts'
import {
  type Asked,
  chooserView,
  findView,
  lookingView,
  readQuery,
  unsearchedPoolsSentence,
} from './account-search.ts'
import { formErrors, isMessageLink, readForm } from './form-fields.ts'
import { formView, openedView, type ShownForm, withEvidence } from './recovery-form.ts'

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
    readonly trigger_id: string
    readonly user: { readonly id: string }
    readonly view?: ({ readonly id: string } & ShownForm) | undefined
  }
}

interface AskingServices {
  readonly requests: Pick<RequestService, 'admit' | 'lookUp' | 'lookAt' | 'lookAgain' | 'open'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
  readonly policy: () => Policy
}

/** The command, with or without a word about who is meant. */
export function resetPasswordCommand({ requests, policy }: AskingServices, log: Log) {
  return answering<Command>(log, async ({ ack, body, client, respond }) => {
    await ack()
    const query = readSlackText(body.text).trim()
    await inWindow({ client, respond, body }, lookingView(query), log, async () => {
      const by = personId(body.user_id)
      if (query !== '') {
        const terms = termsTyped(query, policy().pools)
        return lookUpView(await requests.lookUp(terms, by), policy(), { query, terms })
      }
      const why = await requests.admit(by)
      return why === undefined ? findView() : refusedView(text.shared.refusals.sentence(why))
    })
  })
}

/** “Find” in the window that opens when the command came alone. */
export function findSubmission({ requests, policy }: AskingServices, log: Log) {
  return async ({ ack, body, client, view }: Submission): Promise<void> => {
    const query = readQuery(view)
    await ack({ response_action: 'update', view: lookingView(query) })
    await answering<Answerable>(log, async () => {
      const terms = termsTyped(query, policy().pools)
      const found = await requests.lookUp(terms, personId(body.user.id))
      await showIn(client, view.id, lookUpView(found, policy(), { query, terms }))
    })({ client, body: { view } })
  }
}

/** “Choose” beside one of several accounts. */
export function chooseButton({ requests, journal, policy }: AskingServices, log: Log) {
  return answering<Choice>(log, async ({ ack, action, body, client }) => {
    await ack()
    const by = personId(body.user.id)
    const choice = readChoice(action.value ?? '')
    if (choice === undefined || body.view === undefined) {
      const idempotencyKey = idempotencyKeyOf(body.trigger_id)
      const because = 'not-our-button'
      await journal.refuseMalformed({ by, attempt: 'open', because, idempotencyKey })
      throw new Error('a choice arrived without an account')
    }
    await showIn(client, body.view.id, lookingView(''))
    const found = await requests.lookAt(choice.pool, choice.sub, by)
    const message = { link: sourceOf(body.view) }
    await showIn(client, body.view.id, lookUpView(found, policy(), { ...nothingTyped, message }))
  })
}

export interface CheckChoice extends Answerable {
  readonly ack: () => Promise<void>
  readonly action: { readonly selected_option?: { readonly value?: string | undefined } | null }
  readonly body: { readonly view?: ({ readonly id: string } & ShownForm) | undefined }
}

/** A choice among the identity checks: the window gets the field that it asks for. */
export function checkChosen({ policy }: Pick<AskingServices, 'policy'>, log: Log) {
  return answering<CheckChoice>(log, async ({ ack, action, body, client }) => {
    await ack()
    const id = action.selected_option?.value
    const check = policy().identityChecks.find((each) => each.id === id)
    if (check === undefined || body.view === undefined) return
    await showIn(client, body.view.id, withEvidence(body.view, check))
  })
}

/** “Ask again…” on the outcome of an earlier request. */
export function againButton({ requests, journal, policy }: AskingServices, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, client, respond }) => {
    await ack()
    const button = await readRequestButton(journal, { action, body }, 'ask-again')
    await inWindow({ client, respond, body }, lookingView(''), log, async () => {
      const found = await requests.lookAgain(button.id, personId(body.user.id))
      return lookUpView(found, policy(), nothingTyped)
    })
  })
}

/** “Send request” in the form. */
export function requestSubmission({ requests, journal, policy }: AskingServices, log: Log) {
  return formListener(log, async ({ body, view }, idempotencyKey): Promise<FormAnswer> => {
    const by = personId(body.user.id)
    const form = readForm(view)
    if (form.kind === 'errors') {
      const { isOurs, errors } = form
      const because = isOurs ? 'faulty-form' : 'not-our-form'
      const fields = Object.keys(errors).map((field) => field.slice(0, 60).toWellFormed())
      await journal.refuseMalformed({ by, attempt: 'open', because, idempotencyKey, fields })
      return { kind: 'errors', errors }
    }
    const decision = await requests.open({ application: form.application, by, idempotencyKey })
    switch (decision.kind) {
      case 'moved':
        return { kind: 'replaced', view: openedView(decision.change.request) }
      case 'repeated':
        return { kind: 'closed' }
      case 'failed':
        return {
          kind: 'notice',
          view: noticeView(
            text.requester.form.notSentTitle,
            text.shared.failures.words[decision.failure.kind],
          ),
        }
      case 'refused': {
        const errors = formErrors(decision.why, form.application, policy())
        if (errors !== undefined) return { kind: 'errors', errors }
        return {
          kind: 'notice',
          view: refusedView(
            text.shared.refusals.sentence(decision.why, decision.request, decision),
          ),
        }
      }
      default:
        return decision satisfies never
    }
  })
}

const nothingTyped: Asked = { query: '', terms: [] }

/** What a look-up found: the form where it can only be one account, the choice or the search where not. */
export function lookUpView(found: LookUp, policy: Policy, asked: Asked): types.ModalView {
  switch (found.kind) {
    case 'refused':
      return refusedView(text.shared.refusals.sentence(found.why, undefined, found))
    case 'failed':
      return findView(withUnsearchedPools(text.shared.failures.words[found.failure.kind], found))
    case 'none':
      return findView(withUnsearchedPools(noneSentence(asked, policy), found))
    case 'found': {
      const [only, ...others] = found.candidates
      const { more, unsearchedPools, unmatched } = found
      const isWhole = !more && unsearchedPools.length === 0 && unmatched.length === 0
      if (only !== undefined && others.length === 0 && isWhole)
        return formView(only, policy, asked.message?.link)
      return chooserView(found, asked)
    }
    default:
      return found satisfies never
  }
}

function noneSentence({ query, terms }: Asked, { pools }: Policy): string {
  const { none, needsCountry: hint } = text.requester.search
  return needsCountry(terms, pools) ? `${none(query)} ${hint}` : none(query)
}

function withUnsearchedPools(sentence: string, { unsearchedPools }: Incomplete): string {
  return `${sentence} ${unsearchedPoolsSentence(unsearchedPools)}`.trim()
}

function refusedView(sentence: string): types.ModalView {
  return noticeView(text.shared.replies.notPossible, sentence)
}

const withSource = z.object({ source: z.string() })

function sourceOf(view: ShownForm): string | undefined {
  const { private_metadata = '' } = view
  const { data } = withSource.safeParse(metadataOf({ private_metadata }))
  return isMessageLink(data?.source) ? data.source : undefined
}
