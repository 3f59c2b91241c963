/** Everything that Rekey sends to Slack about requests and entries, with somebody's words wherever words can stand. */

import type { SearchTerm } from '../../../src/lookup/terms.ts'
import { methods } from '../../../src/policy/method.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import type { AccountRemark, Availability } from '../../../src/recovery/model/account.ts'
import type { Match, MatchedBy } from '../../../src/recovery/model/match.ts'
import type { RecoveryRequest } from '../../../src/recovery/model/request.ts'
import { Secret } from '../../../src/secret.ts'
import { approvalView } from '../../../src/slack/approver/approval-modal.ts'
import { denialView } from '../../../src/slack/approver/denial-modal.ts'
import { requestCard } from '../../../src/slack/approver/request-card.ts'
import { noticeView } from '../../../src/slack/inbound/notice.ts'
import type { MessageBody } from '../../../src/slack/kit/blocks.ts'
import { auditPost } from '../../../src/slack/outbound/audit-post.ts'
import { chooserView, findView, lookingView } from '../../../src/slack/requester/account-search.ts'
import { requesterOutcome, requesterReceipt } from '../../../src/slack/requester/messages.ts'
import { passwordView } from '../../../src/slack/requester/password-modal.ts'
import { formView, openedView } from '../../../src/slack/requester/recovery-form.ts'
import { remarkWords } from '../../../src/slack/text/en/accounts.ts'
import { refusalSentence } from '../../../src/slack/text/en/refusals.ts'
import {
  availability,
  candidate,
  everyEntry,
  everyRequest,
  executed,
  later,
  pending,
  policy,
  type Words,
} from './samples.ts'

const closed: Availability = { open: false, because: 'disabled' }

/** For an account that no method can help. */
export const allClosed = availability(Object.fromEntries(methods.map((method) => [method, closed])))

export function cardsOf(words: Words): MessageBody[] {
  const requests = everyRequest(words)
  return [
    ...requests.map((each) => requestCard(each)),
    ...requests.flatMap(toRequester),
    ...everyEntry(words).map(auditPost),
  ]
}

export function toRequester(request: RecoveryRequest): MessageBody[] {
  const outcome = requesterOutcome(request, policy)
  return [requesterReceipt(request, policy), ...(outcome === undefined ? [] : [outcome])]
}

export function windowsOf(words: Words): unknown[] {
  return [...requesterWindows(words), ...approverWindows(words), passwordWindow(words)]
}

function requesterWindows(words: Words): unknown[] {
  const one = candidate({ remarks: Object.keys(remarkWords) as AccountRemark[] }, words)
  const checked: Policy = {
    ...policy,
    identityChecks: Array.from({ length: 10 }, (_, index) => ({
      id: `check${index}`,
      label: words.label,
      evidence: { kind: 'source', label: words.label, options: ['Contract'] },
    })),
  }
  const identityChecks = checked.identityChecks.map(({ id }) => id)
  const tier = { ...one.tier, approvals: 5, name: words.group, identityChecks }
  const named: SearchTerm = { kind: 'email', address: words.reason }
  const { contacts } = one.account
  const found: Match = { account: one.account, terms: [named], by: everyWay, contacts }
  const unsearchedPools = Array(40).fill(one.account.ref.pool)
  return [
    findView(words.reason),
    lookingView(words.reason),
    chooserView(
      {
        candidates: Array(12).fill({ ...one, match: found }),
        more: true,
        unsearchedPools,
        unmatched: Array(9).fill(words.reason),
      },
      { message: { link: undefined } },
    ),
    formView({ ...one, tier, match: found }, checked),
    formView(candidate({ availability: allClosed, enabled: false }, words), policy),
    openedView(pending({ tier: words.group }, words)),
  ]
}

const everyWay: readonly MatchedBy[] = [
  'sub',
  'username',
  'phone',
  'preferred-username',
  'name',
  'beginning',
]

function approverWindows(words: Words): unknown[] {
  return [
    ...methods.flatMap((method) => {
      const request = pending({ method, tier: words.group, approvalsNeeded: 3 }, words)
      const fresh = { ...request, seen: { ...request.seen, modifiedAt: later(-5) } }
      return [approvalView(fresh, policy), denialView(request)]
    }),
    ...everyRequest(words).map((request) =>
      noticeView('Not possible', refusalSentence('already-decided', request)),
    ),
  ]
}

function passwordWindow(words: Words): unknown {
  const request = executed({ method: 'temporary-password', password: 'revealing' }, words)
  return passwordView(request, new Secret('aR7-kk23!mmNPqx9'), policy)
}
