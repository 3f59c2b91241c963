/** The direct messages to whoever asked: that it was sent, and how it ended with what to do next. */

import type { Policy } from '../../policy/policy.ts'
import { type Pause, waitsForPause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { offeredTo } from '../buttons.ts'
import { actions, bullets, context, type MessageBody, quoted, section } from '../kit/blocks.ts'
import { escapedWords } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'
import { ownerAdvice } from './owner-advice.ts'

type PasswordLimits = Pick<Policy, 'temporaryPassword'>

/** The first message: that it was sent, and where it stands. It is redrawn, and never rings twice. */
export function requesterReceipt(
  request: RecoveryRequest,
  policy: PasswordLimits,
  pause?: Pause,
): MessageBody {
  if (!hasOutcome(request)) return message(request, policy, pause)
  const title = text.requester.messages.title(request)
  return {
    text: title,
    blocks: [section(`*${title}*`), context(text.requester.messages.footer(request))],
  }
}

/** The second message, once there is an outcome: a new one, so that it is noticed. */
export function requesterOutcome(
  request: RecoveryRequest,
  policy: PasswordLimits,
): MessageBody | undefined {
  return hasOutcome(request) ? message(request, policy) : undefined
}

/** A message of its own, so that it is noticed: all that waits of somebody's is held up, or goes on. */
export function pauseNotice(
  requests: readonly RecoveryRequest[],
  pause: Pause | undefined,
): MessageBody {
  const { paused, resumed, held, moreHeld, yours } = text.requester.messages
  const lead = pause === undefined ? resumed : paused(pause)
  const waiting = requests.slice(0, mostNamed).map(held)
  const more = requests.length - waiting.length
  const list = bullets(more > 0 ? [...waiting, moreHeld(more)] : waiting)
  return { text: `${lead}\n${list}`, blocks: [section(lead), section(`*${yours}*\n${list}`)] }
}

const mostNamed = 10

function hasOutcome({ state }: RecoveryRequest): boolean {
  return state !== 'pending' && state !== 'approved' && state !== 'executing'
}

function message(request: RecoveryRequest, policy: PasswordLimits, pause?: Pause): MessageBody {
  const { title: titleOf, reasonGiven, whatToDo } = text.requester.messages
  const title = titleOf(request)
  const { lead, words, steps: usual } = requesterText(request, policy)
  const isHeld = pause !== undefined && waitsForPause(request)
  const steps = isHeld ? [text.shared.pause.sentence(pause), ...usual] : usual
  return {
    text: [title, lead, ...(words === undefined ? [] : [escapedWords(words, 1000)]), ...steps].join(
      '\n',
    ),
    blocks: [
      section(`*${title}*\n${lead}`),
      ...(words === undefined ? [] : quoted(reasonGiven, words)),
      ...(steps.length === 0 ? [] : [section(`*${whatToDo}*\n${bullets(steps)}`)]),
      ...actions(offeredTo(request, 'requester')),
      context(text.requester.messages.footer(request)),
    ],
  }
}

/** What happened, what to do about it, and the words of whoever decided. */
interface RequesterText {
  readonly lead: string
  readonly steps: readonly string[]
  readonly words?: string
}

// Nobody is helped with what may be in the wrong hands.
function requesterText(request: RecoveryRequest, policy: PasswordLimits): RequesterText {
  const usual = usualText(request, policy)
  if (request.addressChanged !== true) return usual
  const { addressChanged, toSecurity } = text.requester.messages.steps
  return { ...usual, steps: [addressChanged, toSecurity] }
}

function usualText(request: RecoveryRequest, policy: PasswordLimits): RequesterText {
  const { leads, steps } = text.requester.messages
  const { sentence } = text.shared.states
  switch (request.state) {
    case 'pending':
      return { lead: leads.pending(request), steps: [steps.waiting, steps.noSecretsByChat] }
    case 'approved':
    case 'executing':
      return { lead: sentence(request), steps: [steps.outcomeFollows] }
    case 'executed':
      return request.reported
        ? { lead: sentence(request), steps: [steps.ownerSays, steps.toSecurity] }
        : { lead: leads.executed(request), steps: ownerAdvice(request, policy) }
    case 'recovered':
      return { lead: leads.recovered(request), steps: [steps.nothingLeft] }
    case 'lapsed':
      return {
        lead: leads.lapsed(request),
        steps: [request.reported ? steps.toSecurity : steps.again],
      }
    case 'denied':
      return { lead: leads.denied(request), steps: [steps.afterDenial], words: request.comment }
    case 'withdrawn':
      return { lead: leads.withdrawn(request), steps: [] }
    case 'expired':
      return { lead: leads.expired(request), steps: [steps.again] }
    case 'failed':
      return { lead: leads.failed(request), steps: [] }
    case 'needs-attention':
      return { lead: sentence(request), steps: [steps.takesLonger] }
    default:
      return request satisfies never
  }
}
