/** The requester's form: what Cognito knows of the account, what can help, and the evidence. */

import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { type Method, methods } from '../../policy/method.ts'
import type { IdentityCheck, Policy } from '../../policy/policy.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { checksOf } from '../../recovery/rules/eligibility.ts'
import type { Candidate } from '../../recovery/services/requests.ts'
import { formIds } from '../buttons.ts'
import { bullets, context, divider, facts, header, modal, option, section } from '../kit/blocks.ts'
import { plain, plainLine } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'
import { availableMethods, unavailableMethods } from './available-methods.ts'
import { blocks, evidenceBlock, reasonLength, ticketLength } from './form-fields.ts'

/**
 * The form for one account; without anything to submit where no method can help.
 * @param source the message that asked for help, if it began with one
 */
export function formView(candidate: Candidate, policy: Policy, source?: string): ModalView {
  const { title, submit } = text.requester.form
  const { ref } = candidate.account
  const open = availableMethods(candidate)
  const metadata = { pool: ref.pool, sub: ref.sub, ...(source === undefined ? {} : { source }) }
  if (open.length === 0) {
    return modal({
      title,
      close: text.shared.replies.close,
      blocks: [
        ...accountBlocks(candidate),
        divider,
        section(text.requester.form.nothingHelps),
        ...unavailableMethods(candidate),
      ],
      metadata,
    })
  }
  return modal({
    title,
    close: text.shared.replies.cancel,
    submit: { text: submit, callback: formIds.open },
    blocks: [
      ...accountBlocks(candidate),
      ...tierBlocks(candidate, policy),
      divider,
      methodInput(candidate, open),
      ...unavailableMethods(candidate),
      divider,
      ...checkInputs(checksOf(policy, candidate.tier)),
      reasonInput(),
      ticketInput(policy),
      ...sourceBlocks(source),
    ],
    metadata,
  })
}

/** After the form: what happens now. */
export function openedView(request: RecoveryRequest): ModalView {
  const { sentTitle, sent, next, keep } = text.requester.form
  return modal({
    title: sentTitle,
    close: text.shared.replies.close,
    blocks: [section(sent(request)), section(bullets(next(request))), context(keep(request))],
  })
}

function accountBlocks({ account, match }: Candidate): KnownBlock[] {
  const remarks = account.remarks.map((remark) => text.shared.accounts.remarks[remark])
  const { account: title, dates, found, worthKnowing } = text.requester.form
  return [
    facts(title, text.shared.accounts.facts(account.ref, account)),
    context(...(match === undefined ? [] : [found(match)]), dates(account)),
    ...(remarks.length === 0 ? [] : [section(`*${worthKnowing}*\n${bullets(remarks)}`)]),
  ]
}

/** Which tier it is. One that asks for more than usual is said loudly. */
function tierBlocks({ tier, account }: Candidate, policy: Policy): KnownBlock[] {
  const { form } = text.requester
  const isUsual = tier.approvals < 2 && tier.name === policy.tiers.at(-1)?.name
  if (isUsual) return [context(form.tier(tier.name, tier.approvals))]
  if (tier.when?.changedWithinMs !== undefined) {
    return [
      header(form.changedTitle(tier.approvals)),
      section(form.changed(account.modifiedAt, tier.name)),
    ]
  }
  return [header(form.protectedTitle(tier.approvals)), section(form.protected(tier.name))]
}

function methodInput(candidate: Candidate, open: readonly Method[]): InputBlock {
  const { words } = text.shared.methods
  const options = open.map((method) => option(method, words[method].name, words[method].does))
  const best = options[open.indexOf(bestOf(candidate, open))]
  return {
    type: 'input',
    block_id: blocks.method,
    label: plain(text.requester.form.method),
    element: {
      type: 'radio_buttons',
      action_id: blocks.method,
      options,
      ...(best && { initial_option: best }),
    },
  }
}

/** The gentlest way that fits the account's status, else the first in the order of the policy. */
function bestOf({ account }: Candidate, open: readonly Method[]): Method {
  const byStatus: Partial<Record<typeof account.status, Method>> = {
    RESET_REQUIRED: 'recovery-code',
    FORCE_CHANGE_PASSWORD: 'resend-invitation',
  }
  const wanted = [byStatus[account.status], 'reset', 'temporary-password', ...methods] as const
  return wanted.find((method) => method !== undefined && open.includes(method)) ?? 'reset'
}

/** The checks that this tier allows. With only one there is nothing to choose, and its field is there at once. */
function checkInputs(checks: readonly IdentityCheck[]): InputBlock[] {
  const options = checks.slice(0, 10).map(({ id, label }) => option(id, label))
  const [only, ...others] = checks
  const isChosen = only !== undefined && others.length === 0
  return [
    {
      type: 'input',
      block_id: blocks.check,
      // The field for its evidence appears when one is chosen.
      dispatch_action: true,
      label: plain(text.requester.form.check),
      element: {
        type: 'radio_buttons',
        action_id: blocks.check,
        options,
        ...(isChosen && options[0] && { initial_option: options[0] }),
      },
    },
    ...(isChosen ? [evidenceInput(only)] : []),
  ]
}

function evidenceInput({ id, evidence }: IdentityCheck): InputBlock {
  const block = evidenceBlock(id)
  const label = plainLine(evidence.label, 75)
  if (evidence.kind === 'source') {
    return {
      type: 'input',
      block_id: block,
      label,
      element: {
        type: 'static_select',
        action_id: block,
        options: evidence.options.map((each) => ({
          value: each,
          text: plainLine(each, 75),
        })),
      },
    }
  }
  return {
    type: 'input',
    block_id: block,
    label,
    hint: plainLine(text.requester.form.example(evidence.form.example), 150),
    element: { type: 'plain_text_input', action_id: block, max_length: ticketLength.max },
  }
}

/** As much of the window that somebody is filling in as is needed to draw it again. */
export interface ShownForm {
  readonly private_metadata?: string | undefined
  readonly blocks?: readonly unknown[] | undefined
}

/**
 * The same window with the field that the chosen check asks for. What Slack sent is drawn again
 * rather than the account looked up once more: people change their mind, and each look-up counts.
 * Whatever was typed stays, since Slack keeps it by the names of the blocks.
 */
export function withEvidence(view: ShownForm, check: IdentityCheck): ModalView {
  const { title, submit } = text.requester.form
  const isEvidence = ({ block_id = '' }: KnownBlock) => block_id.startsWith(evidenceBlock(''))
  const others = ((view.blocks ?? []) as KnownBlock[]).filter((block) => !isEvidence(block))
  const place = others.findIndex(({ block_id }) => block_id === blocks.check) + 1
  return {
    ...modal({
      title,
      close: text.shared.replies.cancel,
      submit: { text: submit, callback: formIds.open },
      blocks: others.toSpliced(place, 0, evidenceInput(check)),
    }),
    ...(view.private_metadata && { private_metadata: view.private_metadata }),
  }
}

function sourceBlocks(source: string | undefined): KnownBlock[] {
  return source === undefined ? [] : [context(text.requester.form.source(source))]
}

function reasonInput(): InputBlock {
  return {
    type: 'input',
    block_id: blocks.reason,
    label: plain(text.requester.form.reason),
    hint: plain(text.requester.form.reasonHint),
    element: {
      type: 'plain_text_input',
      action_id: blocks.reason,
      multiline: true,
      min_length: reasonLength.min,
      max_length: reasonLength.max,
    },
  }
}

function ticketInput({ ticket }: Policy): InputBlock {
  return {
    type: 'input',
    block_id: blocks.ticket,
    label: plain(text.requester.form.ticket),
    hint: plainLine(text.requester.form.example(ticket.example), 150),
    element: { type: 'plain_text_input', action_id: blocks.ticket, max_length: ticketLength.max },
  }
}
