/** What follows a recovery: its password, its owner, and its end. */

import { z } from 'zod'
import { awsRequestId, count, entry, keys, moment, no, request, text, tried, yes } from './keys.ts'
import { method, requestState } from './words.ts'

const about = z
  .enum(['request', 'outcome'])
  .describe('`request`: that somebody asks; `outcome`: what was done.')

export const aftermathEntries = {
  'secret.revealing': entry('The requester asked to see the password.', keys(request)),
  'secret.revealed': entry(
    'The password was on the requester’s screen, once. Rekey no longer has it.',
    keys(request),
  ),
  'secret.released': entry(
    'The password did not reach the requester’s screen, and can be asked for again.',
    keys(request),
  ),
  'secret.burnt': entry(
    'Rekey destroyed its copy of the password.',
    keys({
      ...request,
      perhapsSeen: z
        .boolean()
        .describe(
          'True where its showing never ended; false where nobody asked to see it in time.',
        ),
      altered: yes(
        'Not because of the time: somebody else had changed what is stored of the request.',
      ).exactOptional(),
    }),
  ),
  'secret.scrambled': entry(
    'The unused password was replaced by one that nobody knows, and the request has lapsed.',
    keys({ ...tried, awsRequestId }),
    keys({
      ...request,
      because: z.literal('scrambled').describe('The answer was lost, but the account shows it.'),
    }),
  ),
  'request.recovered': entry(
    'The owner is back in.',
    keys({ ...request, withinMinutes: count('How long after the recovery, in minutes.') }),
  ),
  'request.lapsed': entry(
    'What was sent or set was not used.',
    keys({
      ...request,
      because: z
        .enum(['time-up', 'account-gone', 'pool-removed'])
        .describe(
          '`time-up`: not in time; `account-gone`: the account is gone; `pool-removed`: the policy does not name its user pool any more.',
        ),
    }),
  ),
  'owner.told': entry('The owner was told in Slack.', keys({ ...request, about })),
  'owner.not-told': entry(
    'Slack refused a message to the owner.',
    keys({ ...request, about, error: text('Slack’s name for why.') }),
  ),
  'owner.reported': entry(
    'The owner says that they did not ask for this. Their account can’t be recovered for a day.',
    keys({
      ...request,
      stateBefore: requestState.describe('The state in which the request was.'),
      method: method.describe('How the account was to be recovered.'),
      passwordUsed: z.boolean().describe('Whether what was sent or set had been used by then.'),
      takenBack: yes(
        'Whether it was carried out is not known: it is taken back as if it had been.',
      ).exactOptional(),
    }),
  ),
  'recovery.misused': entry(
    'What the owner has reported has been used: somebody may be in the account.',
    keys({
      ...request,
      certain: no(
        'Whether it was carried out is not known; the account has been changed since.',
      ).exactOptional(),
    }),
  ),
  'freeze.lifted': entry(
    'Somebody let a reported account be recovered again before its time.',
    keys({ ...request, until: moment('Until when it would have been frozen.') }),
  ),
}
