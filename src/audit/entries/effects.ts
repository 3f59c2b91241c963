/** Calls to Cognito that change something: each is written down before it is made. */

import { z } from 'zod'
import {
  awsRequestId,
  count,
  effect,
  entry,
  failure,
  keys,
  moment,
  request,
  text,
  tried,
  yes,
} from './keys.ts'
import { accountStatus } from './words.ts'

const becauseUnsettled = z
  .enum(['changed-otherwise', 'never-observed'])
  .describe(
    '`changed-otherwise`: the account has changed in another way; `never-observed`: no look can tell.',
  )

export const effectEntries = {
  'effect.intended': entry(
    'Rekey is about to call Cognito. Always written before the call.',
    keys({
      ...tried,
      fence: count('Rises with every claim: an answer to an older one is not counted.'),
      statusBefore: accountStatus.describe('The account’s status as read just before.'),
      modifiedBefore: moment('When Cognito says that the account was last changed before.'),
    }),
    keys({
      ...tried,
      deed: z
        .enum(['sign-out', 'scramble'])
        .describe('What may be done twice: to end all sessions, or to replace an unused password.'),
    }),
  ),
  'effect.confirmed': entry(
    'Cognito answered that the call is done.',
    keys({
      ...tried,
      awsRequestId,
      sentTo: text('Where Cognito sent the code, masked by Cognito.').exactOptional(),
    }),
  ),
  'effect.observed': entry(
    'Cognito gave no clear answer, but the account has changed as the call would change it.',
    keys(tried),
  ),
  'effect.refused': entry(
    'The call changed nothing, and is not tried again.',
    keys({
      ...tried,
      ...failure,
      effect: effect.effect.exactOptional(),
      attempt: tried.attempt.exactOptional(),
    }),
  ),
  'effect.not-applied': entry(
    'A try changed nothing, for certain. Another may follow.',
    keys({
      ...tried,
      ...failure,
      uncalled: yes(
        'Rekey did not even call: it was too late, or could not look. It is not counted as an attempt.',
      ).exactOptional(),
    }),
    keys({
      ...tried,
      unchangedLooks: count('How many looks in a row have found the account unchanged.'),
    }),
  ),
  'effect.unknown': entry(
    'Nobody knows what a try did. Rekey looks at the account before it does anything else.',
    keys({ ...tried, ...failure }),
  ),
  'effect.looked': entry(
    'Rekey looked at the account.',
    keys({
      ...tried,
      unchangedLooks: count('How many looks in a row have found the account unchanged.'),
    }),
    keys({
      ...request,
      ...effect,
      statusNow: accountStatus.describe(
        'Its status after what was done, to notice a change by others.',
      ),
      modifiedNow: moment('When Cognito says that it was last changed.'),
      lookedAt: moment('When Rekey looked.'),
    }),
  ),
  'effect.undecided': entry(
    'Looking has not settled what came of it: a person has to.',
    keys({
      ...request,
      ...effect,
      because: becauseUnsettled,
      statusBefore: accountStatus.describe('The account’s status before the call.'),
      modifiedBefore: moment('When it was last changed before the call.'),
      statusNow: accountStatus.nullable().describe('Its status now; null where nobody could look.'),
      modifiedNow: z.iso
        .datetime()
        .nullable()
        .describe('When it was last changed; null where nobody could look.'),
      takenBack: yes(
        'Its owner has reported it: it is taken back as if it had been carried out, and nobody is asked.',
      ).exactOptional(),
    }),
  ),
  'address.changed': entry(
    'What was sent may have gone to an address that was not approved. Written once for a request.',
    keys({
      ...request,
      ...effect,
      because: z
        .enum(['account-changed', 'sent-elsewhere'])
        .describe(
          '`account-changed`: after the call the account has other addresses than those that were approved; `sent-elsewhere`: Cognito says that it sent the code where the account has no address.',
        ),
    }),
  ),
  'effect.duplicate': entry(
    'Cognito carried out a call that had been given up for lost.',
    keys({ ...tried, fence: count('Of the claim that made the call.'), awsRequestId }),
  ),
  'attention.resolved': entry(
    'Somebody said what became of a call whose outcome was unclear.',
    keys({
      ...request,
      verdict: z
        .enum(['worked', 'not-worked'])
        .describe('`worked`: the owner has what they need; `not-worked`: nothing came of it.'),
    }),
    keys({
      ...request,
      verdict: z.literal('send-again').describe('It is sent once more.'),
      effect: text('The id of the effect to come.'),
      number: count('Which one for this request it is, from 1 on.'),
    }),
  ),
  'sessions.revoked': entry(
    'All sessions of the account were ended.',
    keys({ ...request, effect: effect.effect, awsRequestId }),
  ),
}
