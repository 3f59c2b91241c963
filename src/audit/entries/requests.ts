/** The way of a request to its approval, or to its end without one. */

import { z } from 'zod'
import {
  approvals,
  count,
  entry,
  failure,
  held,
  keys,
  moment,
  request,
  text,
  texts,
  yes,
} from './keys.ts'
import { accountStatus, alteredPart, limitName, method } from './words.ts'

const altered = {
  named: text('The request.'),
  differs: z
    .array(alteredPart)
    .readonly()
    .describe(
      'What is not as Rekey has stored it, or not as the ledger says: `seal` where somebody without the key has changed it, `entries` where the ledger does not have the request, or its entries do not follow, `row` where the ledger has it and the tables do not.',
    ),
  answer: z
    .enum(['done', 'refused', 'not-applied', 'unknown'])
    .describe('What Cognito answered to the call that was under way, where one was.')
    .exactOptional(),
}

export const requestEntries = {
  'request.altered': entry(
    'What is stored of a request was changed by somebody else than Rekey: nothing is done by what it says.',
    keys({
      ...altered,
      restored: yes(
        'It was over, and is stored again as the ledger has it; what its ending set in motion goes on by that.',
      ).exactOptional(),
    }),
  ),
  'request.stopped': entry(
    'What is stored of a request was changed by somebody else than Rekey, and the request was stopped.',
    keys(altered),
  ),
  'request.opened': entry(
    'Somebody asks to have an account recovered.',
    keys({
      ...request,
      ...held,
      method: method.describe('How.'),
      tier: text('The tier of the policy that the account falls in.'),
      approvalsNeeded: count('How many approvals it needs.'),
      status: accountStatus.describe('The account’s status as read just before.'),
      reason: text('Why, in the requester’s words.'),
      ticket: text('The ticket or case that it belongs to.'),
      identityCheck: text('How the requester made sure who asks: the id that the policy gives it.'),
      identityCheckLabel: text('The same, as people read it.'),
      evidence: text('What shows that the check was made.'),
      source: text('A link to the message in Slack that asked for help.').exactOptional(),
      expiresAt: moment('Until when it can be approved and carried out.'),
      ownerReach: z
        .enum(['slack', 'not-verified', 'not-in-slack'])
        .describe(
          'Whether the owner is told in Slack. `not-verified`: Cognito has not checked their address; `not-in-slack`: nobody there has it.',
        ),
      owner: text(
        'The owner’s id in Slack, where somebody there has the account’s address.',
      ).exactOptional(),
    }),
  ),
  'approval.opened': entry(
    'Somebody has the request before their eyes to decide on it.',
    keys(request),
  ),
  'request.approved': entry(
    'Somebody approved the request.',
    keys({
      ...request,
      ...held,
      ...approvals,
      complete: z.boolean().describe('Whether that was the last one needed.'),
      missing: texts(
        'The ids of the users and user groups in Slack of whom one each still has to approve.',
      ).exactOptional(),
      inPlaceOf: texts(
        'The ids of other accounts in Slack of the same person under which they had approved before.',
      ).exactOptional(),
    }),
  ),
  'request.denied': entry(
    'An approver denied the request.',
    keys({ ...request, ...held, comment: text('Why, in their words.') }),
  ),
  'request.withdrawn': entry('Its requester took the request back.', keys(request)),
  'requests.repeated': entry(
    'Another request for one account has ended without anything being carried out: withdrawn, denied or expired. Written at the second within the time of `requestsPerAccount`, the fourth, the eighth and so on.',
    keys({
      ...request,
      requests: texts('The ids of the requests.'),
      requesters: texts('Who asked: their ids in Slack.'),
    }),
  ),
  'limit.cleared': entry(
    'Somebody of security let an account be asked for again: what it had used up counts no more.',
    keys({ ...request, limit: limitName.describe('The limit that is cleared.') }),
  ),
  'request.expired': entry(
    'The request’s time was up before it was carried out.',
    keys({ ...request, ...approvals }),
  ),
  'request.failed': entry(
    'The request could not be carried out. Nothing was tried.',
    keys({ ...request, ...failure }),
  ),
  'approvals.voided': entry(
    'Approvals do not count any more: whoever gave them may no longer decide.',
    keys({
      ...request,
      voided: texts('Whose approvals: their ids in Slack.'),
      ...approvals,
    }),
  ),
  'request.reminded': entry(
    'Those who can decide on the request were reminded.',
    keys({ ...request, round: count('Which reminder it is, from 1 on.') }),
  ),
  'request.escalated': entry(
    'The request has waited long: others may decide on it as well now.',
    keys({ ...request, to: texts('The ids in Slack of the users and user groups who may.') }),
  ),
  'request.stuck': entry(
    'Nobody is left who could approve the request.',
    keys({ ...request, tier: text('Its tier.'), ...approvals }),
  ),
  'request.unstuck': entry(
    'There are people again who can approve the request.',
    keys({ ...request, tier: text('Its tier.'), ...approvals }),
  ),
}
