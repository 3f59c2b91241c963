/** Approving and denying, from the buttons on the card to the forms they open. */

import type { types } from '@slack/bolt'
import { personId } from '../../ids.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Decision } from '../../recovery/model/decision.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Consideration, DecisionService } from '../../recovery/services/decisions.ts'
import type { Journal } from '../../recovery/services/journal.ts'
import type { Repeated } from '../../recovery/services/record-decision.ts'
import { type Click, inWindow, readRequestButton } from '../inbound/click.ts'
import { answering, type Log } from '../inbound/error-reply.ts'
import { noticeView } from '../inbound/notice.ts'
import { type FormAnswer, formListener } from '../inbound/submission.ts'
import { text } from '../text/text.ts'
import { approvalView, nameBlock, readDecision } from './approval-modal.ts'
import { denialView, denyCommentBlock, readDenial } from './denial-modal.ts'

interface DecidingServices {
  readonly decisions: Pick<DecisionService, 'consider' | 'approve' | 'deny'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
  readonly policy: () => Policy
}

/** “Approve…” on a card. */
export function approveButton(services: DecidingServices, log: Log) {
  return openForm(services, log, 'approve', (request) => approvalView(request, services.policy()))
}

/** “Deny…” on a card. */
export function denyButton(services: DecidingServices, log: Log) {
  return openForm(services, log, 'deny', denialView)
}

/** “Approve” in the approval window. */
export function approvalSubmission({ decisions, journal }: DecidingServices, log: Log) {
  return formListener(log, async ({ body, view }, idempotencyKey) => {
    const by = personId(body.user.id)
    const decision = readDecision(view)
    if (decision === undefined) {
      const because = 'not-our-form'
      await journal.refuseMalformed({ by, attempt: 'approve', because, idempotencyKey })
      throw new Error('an approval arrived without a request')
    }
    const { id: request, version: seenVersion, typed } = decision
    const made = await decisions.approve({ request, by, seenVersion, typed, idempotencyKey })
    if (made.kind === 'refused' && made.why === 'name-mismatch') {
      return { kind: 'errors', errors: { [nameBlock]: text.shared.refusals.sentence(made.why) } }
    }
    return decided(made, text.approver.decided.approved)
  })
}

/** “Deny” in the denial window. */
export function denialSubmission({ decisions, journal }: DecidingServices, log: Log) {
  return formListener(log, async ({ body, view }, idempotencyKey) => {
    const by = personId(body.user.id)
    const denial = readDenial(view)
    if (denial === undefined) {
      const because = 'not-our-form'
      await journal.refuseMalformed({ by, attempt: 'deny', because, idempotencyKey })
      throw new Error('a denial arrived without a request')
    }
    const { id: request, version: seenVersion, comment } = denial
    const made = await decisions.deny({ request, by, seenVersion, comment, idempotencyKey })
    if (made.kind === 'refused' && made.why === 'reason-missing') {
      return {
        kind: 'errors',
        errors: { [denyCommentBlock]: text.shared.refusals.sentence(made.why) },
      }
    }
    return decided(made, () => text.approver.decided.denied)
  })
}

function openForm(
  { decisions, journal }: DecidingServices,
  log: Log,
  attempt: 'approve' | 'deny',
  form: (request: RecoveryRequest) => types.ModalView,
) {
  return answering<Click>(log, async ({ ack, action, body, client, respond }) => {
    await ack()
    const button = await readRequestButton(journal, { action, body }, attempt)
    const waiting = noticeView(text.shared.replies.oneMoment, text.approver.decided.reading)
    await inWindow({ client, respond, body }, waiting, log, async () => {
      const by = personId(body.user.id)
      const { id: request, version: seenVersion } = button
      const considered = await decisions.consider({ request, by, seenVersion, attempt })
      return consideredView(considered, form)
    })
  })
}

function consideredView(
  considered: Consideration,
  form: (request: RecoveryRequest) => types.ModalView,
): types.ModalView {
  switch (considered.kind) {
    case 'may':
      return form(considered.request)
    case 'refused':
      return noticeView(
        text.shared.replies.notPossible,
        text.shared.refusals.sentence(considered.why, considered.request, considered),
      )
    case 'unknown':
      return noticeView(
        text.shared.replies.notPossible,
        text.shared.refusals.sentence('unknown-request'),
      )
    default:
      return considered satisfies never
  }
}

function decided(
  decision: Decision | Repeated,
  words: (request: RecoveryRequest) => string,
): FormAnswer {
  switch (decision.kind) {
    case 'moved':
      return {
        kind: 'replaced',
        view: noticeView(text.approver.decided.title, words(decision.change.request)),
      }
    case 'refused': {
      const { why, request } = decision
      const view = noticeView(
        text.shared.replies.notPossible,
        text.shared.refusals.sentence(why, request, decision),
      )
      // What can still be confirmed, a moment later, stays open underneath.
      return { kind: why === 'too-fast' ? 'notice' : 'replaced', view }
    }
    case 'repeated':
      return { kind: 'closed' }
    default:
      return decision satisfies never
  }
}
