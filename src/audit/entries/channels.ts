/** Slack’s channels: who reads them, and whether the audit channel has what it should. */

import { z } from 'zod'
import { count, entry, keys, moment, text, yes } from './keys.ts'

const slackTs = text('The post’s time as Slack counts: its id within the channel.')

const witness = { witness: text('The witness’s name, as its public key has it.') }

export const channelEntries = {
  'channel.shared': entry(
    'A channel that Rekey posts in is shared with another organization, or has become public. Written once an hour at most.',
    keys({
      channel: text('The channel’s id in Slack.'),
      public: yes('It is public: everybody in the workspace reads it.').exactOptional(),
    }),
  ),
  'post.missing': entry(
    'A post of the audit channel is gone, and is posted again; or all that is old is gone, and is not.',
    keys({ entry: count('The entry that it was about.'), ts: slackTs }),
    keys({ checkpoint: count('The checkpoint that it was about: its size.'), ts: slackTs }),
    keys({
      channel: text('The channel’s id in Slack.'),
      posts: count('How many of the last month’s posts are gone.'),
      until: moment('The newest of them was posted then.'),
    }),
  ),
  'post.altered': entry(
    'A post of the audit channel does not say any more what Rekey wrote, and is posted again.',
    keys({ entry: count('The entry that it is about.'), ts: slackTs }),
    keys({ checkpoint: count('The checkpoint that it is about: its size.'), ts: slackTs }),
  ),
  'witness.disagrees': entry(
    'A witness has signed another ledger than this one. Written once a day, as long as it is so.',
    keys({
      ...witness,
      finding: z
        .enum(['rewritten', 'behind'])
        .describe(
          '`rewritten`: the entries that it has signed are not those of this ledger; `behind`: it has signed more than this ledger has.',
        ),
      size: count('The size of the checkpoint that it was shown.'),
      witnessed: count('The size of the one that it has signed last.'),
    }),
  ),
  'witness.silent': entry(
    'A witness has signed nothing for a day or more. Written once a day, as long as it is so.',
    keys({ ...witness, since: moment('Since when a checkpoint waits for it.') }),
  ),
  'checkpoint.stray': entry(
    'In the database stands a checkpoint that this Rekey has not signed, or of more entries than there are: it counts for nothing. Written once for each that is the newest.',
    keys({ size: count('How many entries it is of, as its row says.') }),
  ),
  'checkpoint.withheld': entry(
    'No checkpoint was signed, since the entries do not go on from what was signed last, or not from one another. Written once a day, as long as it is so.',
    keys({ size: count('How many entries were signed before; 0 for none.') }),
  ),
  'audit.behind': entry(
    'Nothing new is carried out until the audit channel has caught up. Written once an hour at most.',
    keys({
      waiting: count('How many posts wait.'),
      since: moment('Since when the oldest of them waits.'),
    }),
  ),
}
