/** The requester's form: what Cognito knows of the account, what can help, and the evidence. */

import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { type Method, methods } from '../policy/method.ts'
import type { Policy } from '../policy/policy.ts'
import type { Candidate } from '../recovery/desk.ts'
import type { RecoveryRequest } from '../recovery/request.ts'
import { accountFacts, escapedName } from './account-words.ts'
import { bullets, context, divider, facts, header, modal, option, section } from './blocks.ts'
import { blocks, reasonLength, ticketLength } from './form-fields.ts'
import { escapedWords, plain, when } from './mrkdwn.ts'
import { counted } from './people.ts'
import { closedRoads, openRoads } from './road-words.ts'
import { methodWords, remarkWords } from './words.ts'

export { formErrors, readForm } from './form-fields.ts'
export {
  chooseAction,
  chooserView,
  findCallback,
  findView,
  lookingView,
  readChoice,
  readQuery,
} from './look-up-views.ts'

export const openCallback = 'recovery.open'

/** Opens the form for the account of an earlier request. */
export const againAction = 'recovery.again'

const title = 'Recover an account'

/** The form for one account; without anything to submit where no method can help. */
export function formView(candidate: Candidate, policy: Policy): ModalView {
  const { ref } = candidate.account
  const open = openRoads(candidate)
  const metadata = { pool: ref.pool, sub: ref.sub }
  if (open.length === 0) {
    const says = '*Nothing that Rekey may do can help this account now.* Here is why, and what can:'
    return modal({
      title,
      blocks: [...accountBlocks(candidate), divider, section(says), ...closedRoads(candidate)],
      metadata,
    })
  }
  return modal({
    title,
    close: 'Cancel',
    submit: { text: 'Send request', callback: openCallback },
    blocks: [
      ...accountBlocks(candidate),
      ...tierBlocks(candidate, policy),
      divider,
      methodInput(candidate, open),
      ...closedRoads(candidate),
      divider,
      checkInput(policy),
      reasonInput,
      ticketInput,
    ],
    metadata,
  })
}

/** After the form: what happens now. */
export function openedView(request: RecoveryRequest): ModalView {
  const { id, seen, method, approvalsNeeded, tier, expiresAt } = request
  const deciders = approvalsNeeded === 1 ? 'One approver' : `${approvalsNeeded} different approvers`
  return modal({
    title: 'Request sent',
    blocks: [
      section(
        `*${id}* asks to recover the account of ${escapedName(seen.name)}: ${methodWords[method].name}.`,
      ),
      section(
        bullets([
          `${deciders} of the tier “${escapedWords(tier, 60)}” must agree before ${when(expiresAt)}. You are not one of them.`,
          'Nothing changes in Cognito until then.',
          'Rekey sends you a direct message with the outcome, and with what to tell the owner.',
        ]),
      ),
      context(`Keep ${id} with your ticket.`),
    ],
  })
}

function accountBlocks({ account }: Candidate): KnownBlock[] {
  const remarks = account.remarks.map((remark) => remarkWords[remark])
  return [
    facts('The account, as Cognito has it now', accountFacts(account.ref, account)),
    context(`Created ${when(account.createdAt)}. Last changed ${when(account.modifiedAt)}.`),
    ...(remarks.length === 0 ? [] : [section(`*Worth knowing*\n${bullets(remarks)}`)]),
  ]
}

/** Which tier it is. One that asks for more than usual is said loudly. */
function tierBlocks({ tier }: Candidate, policy: Policy): KnownBlock[] {
  const name = escapedWords(tier.name, 60)
  const needs = `${counted(tier.approvals, 'approval')} needed`
  const isUsual = tier.approvals < 2 && tier.name === policy.tiers.at(-1)?.name
  if (isUsual) return [context(`Tier “${name}”: ${needs}.`)]
  return [
    header(`⚠️ Protected account: ${needs}`),
    section(
      `The policy puts this account in the tier “${name}”. Be sure of who is asking: accounts like this one are what people try to steal.`,
    ),
  ]
}

function methodInput(candidate: Candidate, open: readonly Method[]): InputBlock {
  const options = open.map((method) =>
    option(method, methodWords[method].name, methodWords[method].does),
  )
  const best = options[open.indexOf(bestOf(candidate, open))]
  return {
    type: 'input',
    block_id: blocks.method,
    label: plain('How should it be recovered?'),
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

function checkInput(policy: Policy): InputBlock {
  return {
    type: 'input',
    block_id: blocks.check,
    label: plain('How did you make sure that it is the owner who asks?'),
    element: {
      type: 'radio_buttons',
      action_id: blocks.check,
      options: policy.identityChecks.slice(0, 10).map(({ id, label }) => option(id, label)),
    },
  }
}

const reasonInput: InputBlock = {
  type: 'input',
  block_id: blocks.reason,
  label: plain('Why does it need recovering?'),
  hint: plain('Approvers and auditors read this. Never write a password or a code here.'),
  element: {
    type: 'plain_text_input',
    action_id: blocks.reason,
    multiline: true,
    min_length: reasonLength.min,
    max_length: reasonLength.max,
  },
}

const ticketInput: InputBlock = {
  type: 'input',
  block_id: blocks.ticket,
  label: plain('Ticket or case number'),
  element: { type: 'plain_text_input', action_id: blocks.ticket, max_length: ticketLength.max },
}
