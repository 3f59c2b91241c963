/** The direct messages to whoever asked: that it was sent, and how it ended with what to do next. */

import type { Policy } from '../../policy/policy.ts'
import type { Pause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { offeredTo } from '../buttons.ts'
import { actions, bullets, type Card, context, quoted, section } from '../kit/blocks.ts'
import { escapedWords, mention, utc, when } from '../kit/mrkdwn.ts'
import { escapedName } from '../text/en/accounts.ts'
import { pauseSentence, pauseStep } from '../text/en/pause.ts'
import { failureSentence, methodWords } from '../text/en/sentences.ts'
import {
  backAfter,
  expiredSentence,
  lapsedSentence,
  sessionsSentence,
  soFar,
  stateSentence,
  stateTitle,
} from '../text/en/states.ts'
import { ownerAdvice } from './owner-advice.ts'

type Limits = Pick<Policy, 'temporaryPassword'>

/** The first message: that it was sent, and where it stands. It is redrawn, and never rings twice. */
export function requesterReceipt(request: RecoveryRequest, policy: Limits, pause?: Pause): Card {
  if (!hasOutcome(request)) return message(request, policy, pause)
  const title = `${stateTitle(request)}: recovery for ${escapedName(request.seen.name)}`
  return { text: title, blocks: [section(`*${title}*`), context(footer(request))] }
}

/** The second message, once there is an outcome: a new one, so that it is noticed. */
export function requesterOutcome(request: RecoveryRequest, policy: Limits): Card | undefined {
  return hasOutcome(request) ? message(request, policy) : undefined
}

/** A message of its own, so that it is noticed: all that waits of somebody's is held up, or goes on. */
export function pauseNotice(requests: readonly RecoveryRequest[], pause: Pause | undefined): Card {
  const lead =
    pause === undefined
      ? '▶️ *Recoveries go on.* What was approved is carried out now, as far as it has not expired.'
      : `${pauseSentence(pause)} I write again when they go on.`
  const waiting = requests.slice(0, mostNamed).map(named)
  const more = requests.length - waiting.length
  const list = bullets(more > 0 ? [...waiting, `${more} more`] : waiting)
  return { text: `${lead}\n${list}`, blocks: [section(lead), section(`*Yours*\n${list}`)] }
}

const mostNamed = 10

function named({ id, method, seen }: RecoveryRequest): string {
  return `${id}: ${methodWords[method].name} for ${escapedName(seen.name)}`
}

function hasOutcome({ state }: RecoveryRequest): boolean {
  return state !== 'pending' && state !== 'approved' && state !== 'executing'
}

function message(request: RecoveryRequest, policy: Limits, pause?: Pause): Card {
  const title = `${stateTitle(request)}: recovery for ${escapedName(request.seen.name)}`
  const { lead, words, steps: usual } = requesterText(request, policy)
  const steps = [...pauseStep(request, pause), ...usual]
  return {
    text: [title, lead, ...(words === undefined ? [] : [escapedWords(words, 1000)]), ...steps].join(
      '\n',
    ),
    blocks: [
      section(`*${title}*\n${lead}`),
      ...(words === undefined ? [] : quoted('The reason given', words)),
      ...(steps.length === 0 ? [] : [section(`*What to do now*\n${bullets(steps)}`)]),
      ...actions(offeredTo(request, 'requester')),
      context(footer(request)),
    ],
  }
}

function footer(request: RecoveryRequest): string {
  return `${request.id} · ${methodWords[request.method].name} · opened ${utc(request.openedAt)}`
}

/** What happened, what to do about it, and the words of whoever decided. */
interface RequesterText {
  readonly lead: string
  readonly steps: readonly string[]
  readonly words?: string
}

const ownerSays = 'The owner says that they did not ask for this.'

const toSecurity =
  'Ask the people who look after security before anything else is done for this account.'

function requesterText(request: RecoveryRequest, policy: Limits): RequesterText {
  const again = 'If the owner still needs help, open a new request with /reset-password.'
  switch (request.state) {
    case 'pending':
      return {
        lead: `Your request was sent. ${soFar(request)} It expires ${when(request.expiresAt)}.`,
        steps: [
          'Nothing has changed in Cognito yet. I write again when there is an outcome.',
          'Never send a password or a code by chat, not even to an approver.',
        ],
      }
    case 'approved':
    case 'executing':
      return { lead: stateSentence(request), steps: ['I write again when the outcome is known.'] }
    case 'executed':
      if (request.reported) return { lead: stateSentence(request), steps: [ownerSays, toSecurity] }
      return {
        lead: `Approved, and carried out ${when(request.executedAt)}. ${sessionsSentence(request)}`,
        steps: ownerAdvice(request, policy),
      }
    case 'recovered':
      return {
        lead: `The owner is back in, ${backAfter(request)}.`,
        steps: ['There is nothing left to do.'],
      }
    case 'lapsed':
      return { lead: lapsedSentence(request), steps: [request.reported ? toSecurity : again] }
    case 'denied':
      return {
        lead: `${mention(request.deniedBy)} denied your request ${when(request.deniedAt)}. Nothing was changed.`,
        steps: ['If that can be cleared up, you can open a new request with /reset-password.'],
        words: request.comment,
      }
    case 'withdrawn':
      return {
        lead: `You withdrew it ${when(request.withdrawnAt)}. Nothing was changed.`,
        steps: [],
      }
    case 'expired':
      return { lead: expiredSentence(request), steps: [again] }
    case 'failed':
      return { lead: failureSentence(request.failure, request.sentBefore), steps: [] }
    case 'needs-attention':
      return {
        lead: stateSentence(request),
        steps: ['Tell the owner that it takes longer. Don’t promise a code or a password yet.'],
      }
    default:
      return request satisfies never
  }
}
