/** What concerns Rekey itself: its policy, its pauses, and who was turned away at the door. */

import { z } from 'zod'
import { account, count, entry, keys, moment, refused, text, texts, yes } from './keys.ts'
import { attempt, failureKind, limitName, malformed, method, objection, refusal } from './words.ts'

/** Where the memory of a user group begins. */
const firstSeen = {
  groupsFirstSeen: texts(
    'The user groups that the policy names and of which nothing was remembered, as `id: number of members`: whoever is in one then has been in it from the beginning.',
  ).exactOptional(),
  membersFirstSeen: texts(
    'Who was in them then, as `id: ids of members`: twenty in a line, and 200 lines at most.',
  ).exactOptional(),
}

const group = text('The user group’s id in Slack.')
const look = z
  .enum(['routine', 'use'])
  .describe('What showed it: the look of every few minutes, or one for somebody’s right.')

export const serviceEntries = {
  'rekey.started': entry(
    'Rekey has started.',
    keys({
      tiers: texts('Each tier of the policy with the approvals that it needs, as `name: number`.'),
      checkpointKey: text(
        'The public key, in one line, with which this Rekey’s checkpoints are checked.',
      ),
      sealed: yes(
        'Everything that is stored is bound to REKEY_SECRET_KEY: a database that says so, and is not, was changed by somebody else.',
      ).exactOptional(),
      bot: text('The id of the bot in Slack whose posts are Rekey’s.').exactOptional(),
      botUser: text('The same bot’s id as a user.').exactOptional(),
      databaseUnencrypted: text(
        'Why the database may be reached without TLS that checks its certificate, in the operator’s words.',
      ).exactOptional(),
      ...firstSeen,
    }),
  ),
  'rekey.sealed': entry(
    'What was stored before was bound to REKEY_SECRET_KEY. Expected once, after the upgrade to the first version that does so.',
    keys({ requests: count('How many requests there were.') }),
  ),
  'policy.changed': entry(
    'Another policy is in force from here on; the entry’s `policy` is the new one.',
    keys({
      before: text('SHA-256 of the policy before, in hex.'),
      changes: texts('What is different, a line for each change, abridged.'),
      ...firstSeen,
    }),
    keys({
      before: text('SHA-256 of the policy before, in hex.'),
      unreadable: yes(
        'What the policy before said is not in the database, or was changed there: nobody can tell what is different.',
      ),
      ...firstSeen,
    }),
  ),
  'policy.refused': entry(
    'Another policy was not put in force; the one before stays.',
    keys({ faults: texts('What is wrong with it, a line for each fault, abridged.') }),
  ),
  'group.changed': entry(
    'The members of a user group that the policy names have changed: who is in it holds what the policy gives it.',
    keys({
      group,
      look,
      came: texts('Who came into it: their ids in Slack, twenty at most.'),
      cameInAll: count(
        'How many had come and were not named before: entries after this one name the others.',
      ),
      went: texts('Who went: their ids in Slack, twenty at most.'),
      wentInAll: count(
        'How many had gone and were not named before: entries after this one name the others.',
      ),
      members: count(
        'How many are remembered in it now: those whom no entry names yet do not count.',
      ),
      cameDecideFrom: moment(
        'When those who came may decide by it, in the tier in which they wait longest.',
      ).exactOptional(),
      nobodyUntil: moment(
        'Until when nobody who is in it may decide by it, in the tier in which they wait longest.',
      ).exactOptional(),
      continues: yes(
        'It names further ones of those that an entry before has counted: security was called with that one.',
      ).exactOptional(),
    }),
    keys({
      group,
      look,
      gone: yes('The group is gone or disabled: nobody holds anything by it.'),
    }),
    keys({
      group,
      look,
      back: yes('The group is there again, with nobody who was not in it before.'),
      members: count('How many are in it now.'),
    }),
  ),
  'recovery.paused': entry(
    'All recoveries are paused: nothing is carried out until somebody lets them go on.',
    keys({
      reason: text('Why, in the words of whoever paused them.'),
      since: moment('When the pause began.'),
    }),
    keys({
      reason: text('Why, in Rekey’s words.'),
      because: z
        .literal('breaker')
        .describe('Too many recoveries were carried out in too short a time.'),
      since: moment('When the pause began.'),
    }),
    keys({
      reason: text('Why, in Rekey’s words.'),
      because: z
        .literal('restored')
        .describe('The audit channel has seen an entry that this ledger does not have.'),
      witnessed: count('The number of that entry.'),
      since: moment('When the pause began.'),
    }),
    keys({
      reason: text('Why, in Rekey’s words.'),
      because: z
        .literal('witness')
        .describe(
          'A witness has signed what this ledger does not have. Once, until it signs again.',
        ),
      witness: text('The witness’s name, as its public key has it.'),
      finding: z
        .enum(['behind', 'rewritten'])
        .describe('It has signed more than there is; or other entries than there are.'),
      size: count('The size of the newest checkpoint here.'),
      witnessed: count('The size of the one that it has signed last.'),
      since: moment('When the pause began.'),
    }),
  ),
  'recovery.resumed': entry(
    'Somebody let recoveries go on.',
    keys({
      pausedMinutes: count('How long they were paused, in minutes.'),
      reason: text('Why they had been paused.'),
    }),
  ),
  'ingress.refused': entry(
    'Something that came from Slack was turned away before any rule was asked.',
    keys({
      kind: text('What Slack calls this kind of payload; `slash_command` for a command.'),
      because: objection.describe('Why it went no further.'),
      ...refused,
    }),
    keys({
      attempt: attempt.describe('What somebody wanted to do.'),
      because: malformed.describe('What was wrong with what came back.'),
      fields: texts('Which fields of the form.').exactOptional(),
      ...refused,
    }),
  ),
  'account.looked-up': entry(
    'Somebody looked an account up.',
    keys({ found: count('How many accounts were found.') }),
    keys({ failed: failureKind.describe('Why Cognito could not say.') }),
  ),
  'open.refused': entry(
    'Somebody was refused a request for an account, or a look at one.',
    keys({
      why: refusal.describe('Why not.'),
      method: method.describe('How they wanted the account recovered.').exactOptional(),
      account: account.exactOptional(),
      limit: limitName.describe('The limit that was reached.').exactOptional(),
      ...refused,
    }),
  ),
  'decision.refused': entry(
    'Somebody was refused something else, such as to decide on a request, to see its password or to pause recoveries.',
    keys({
      account: account.exactOptional(),
      attempt: attempt.describe('What they wanted to do.'),
      why: refusal.describe('Why not.'),
      limit: limitName.describe('The limit that was reached.').exactOptional(),
      group: text(
        'The user group that they have come into too lately: its id in Slack.',
      ).exactOptional(),
      since: moment('When Rekey first saw them in it.').exactOptional(),
      named: text('The id that they named: there is no such request.').exactOptional(),
      ...refused,
    }),
  ),
}
