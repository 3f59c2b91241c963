/** What the entries about Slack’s channels, and about the posts in them, say to an auditor. Mrkdwn. */

import type { RecordedData } from '../../../audit/recorded-entry.ts'
import { channelOf, type Makers, readersOf, shown } from './auditor-words.ts'
import { counted } from './lists.ts'

type ChannelEntry =
  | 'channel.shared'
  | 'post.missing'
  | 'post.altered'
  | 'audit.behind'
  | 'checkpoint.stray'
  | 'checkpoint.withheld'

export const channelSentences = {
  'channel.shared': ({ data }) =>
    `🚨 The channel ${channelOf(data.channel)} is ${readersOf(data)}. Rekey says nothing there until it is not.`,

  'post.missing': ({ data }) =>
    data.posts === undefined
      ? `🚨 The post about ${postOf(data)} is gone from this channel. ` +
        `It is posted again; the ledger was never without it.`
      : goneByAge(data, data.posts),

  'post.altered': ({ data }) =>
    `🚨 The post about ${postOf(data)} does not say any more what Rekey wrote. ` +
    `It is posted again; the ledger was never changed.`,

  'checkpoint.stray': ({ data }) =>
    `🚨 Somebody has changed the database: the newest checkpoint there, of ${shown(data.size)} entries, is no checkpoint of this Rekey. ` +
    `It counts for nothing. Run \`npm run audit -- verify --live\`.`,

  'checkpoint.withheld': ({ data }) =>
    `🚨 No checkpoint was signed: the ledger’s entries do not go on from ${data.size === 0 ? 'one another' : `the ${shown(data.size)} that were signed before`}. ` +
    `Somebody has changed the database. Run \`npm run audit -- verify --live\`, and look from what point on it is not intact.`,

  'audit.behind': ({ data }) =>
    `⏸️ Nothing new is carried out until this channel has caught up: ` +
    `${counted(data.waiting ?? 0, 'post')} wait for it, the oldest since ${shown(data.since)}. ` +
    `It goes on by itself.`,
} satisfies Pick<Makers, ChannelEntry>

function postOf({ entry, checkpoint }: RecordedData<'post.missing' | 'post.altered'>): string {
  return checkpoint === undefined
    ? `entry #${shown(entry)}`
    : `the checkpoint of entries 1 to ${shown(checkpoint)}`
}

/** Somebody who deletes all that is old leaves the same picture as Slack does. */
function goneByAge({ channel, until }: RecordedData<'post.missing'>, posts: number): string {
  return (
    `🚨 Everything in ${channelOf(channel)} up to ${shown(until)} is gone, ` +
    `${counted(posts, 'post')} of the last month among it. ` +
    `If Slack deletes messages there for their age, let it keep them for ever; ` +
    `if not, somebody has deleted them. Nothing of it is posted again, ` +
    `and this is said once a month at most; the ledger was never without it.`
  )
}
