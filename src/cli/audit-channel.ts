/** What the audit channel shows to whoever verifies: live, or in an export of Slack's. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Broken, broken, first, type Shown } from '../audit/verify.ts'
import type { Environment } from '../config.ts'
import { createLog } from '../log.ts'
import type { KeptPost } from '../recovery/ports/posts.ts'
import { readSettings } from '../settings.ts'
import { webClient } from '../slack/api/client.ts'
import { slackLogger } from '../slack/api/logger.ts'
import {
  messagesByTime,
  type PostedHead,
  wholeChannel,
  witnessesIn,
} from '../slack/auditor/posted-heads.ts'
import { witnessOf } from '../slack/outbound/message-keys.ts'
import { postStateOf } from '../slack/outbound/post-state.ts'
import { text } from './text/text.ts'

/** One reading of the channel, from end to end. */
export interface AuditReading {
  /** To whoever reads what came of it. */
  readonly name: string
  readonly messages: readonly unknown[]
  /** Rekey's own heads. */
  readonly heads: readonly PostedHead[]
  /** Other apps that have posted what looks like a head. */
  readonly others: readonly string[]
  /** What was posted before is shown, unless it is gone. Seconds, as in a message's `ts`. */
  readonly until: number
  /** Whether messages come with all that they say; exports may leave blocks out. */
  readonly isWhole: boolean
}

// A post of this very moment may not be shown yet, or stand in a thread that was read before it.
const settledSeconds = 60

/** Reads the channel in Slack. @param bots the ids that Rekey has had; without them, the one that it has now */
export async function readLive(
  env: Environment,
  bots: readonly string[] | undefined,
  now: Date,
): Promise<AuditReading> {
  const read = readSettings(env)
  if (read.kind === 'faulty') throw new Error(text.audit.liveNeeds(read.faults))
  const { config, policy } = read.settings
  const client = webClient(config.slack, 30_000, slackLogger(createLog('silent')))
  const { bot_id } = await client.auth.test()
  const messages = await wholeChannel(client, policy.channels.audit)
  return {
    name: text.audit.liveChannel,
    messages,
    ...headsOf(messages, bots ?? (bot_id === undefined ? [] : [bot_id])),
    until: now.getTime() / 1_000 - settledSeconds,
    isWhole: true,
  }
}

/** Reads one file of an export, or a channel's folder with a file for each day. @returns a sentence where it is not clear which app is Rekey */
export function readExport(
  path: string,
  bots: readonly string[] | undefined,
): AuditReading | string {
  const messages = messagesIn(path)
  const times = [...messagesByTime(messages).keys()].map(Number)
  const posters = [...new Set(witnessesIn(messages).map(({ bot }) => bot))]
  if (bots === undefined && posters.length > 1) return text.audit.severalBots(posters)
  return {
    name: path,
    messages,
    ...headsOf(messages, bots ?? posters),
    until: times.reduce((most, time) => Math.max(most, time), 0),
    isWhole: false,
  }
}

/** What it shows of the ledger; nothing if there is no post of Rekey's. */
export function shownBy({ heads, until }: AuditReading): Shown[] {
  const [oldest] = heads.toSorted(byTime)
  if (oldest === undefined) return []
  const settled = heads.filter(({ ts }) => Number(ts) <= until)
  return [
    {
      seqs: new Set(heads.map(({ seq }) => seq)),
      settled: new Set(settled.map(({ seq }) => seq)),
      from: oldest.seq,
    },
  ]
}

/** The first post that Rekey knows to have made and that is gone, or does not say any more what Rekey wrote. */
export function lostPost(posted: readonly KeptPost[], reading: AuditReading): Broken | undefined {
  const { heads, until, isWhole } = reading
  const [oldest] = heads.toSorted(byTime)
  if (oldest === undefined) return undefined
  const found = messagesByTime(reading.messages)
  // An export does not say which channel it is of. Its audit channel may have been another one.
  const channels = new Set(posted.filter(({ ts }) => found.has(ts)).map(({ channel }) => channel))
  const expected = posted.filter(({ channel, ts }) => {
    return channels.has(channel) && Number(ts) >= Number(oldest.ts) && Number(ts) <= until
  })
  return first(
    expected.flatMap(({ key, ts, ...post }) => {
      const about = witnessOf(key)
      if (about === undefined) return []
      const message = found.get(ts)
      const canCompare = isWhole || message?.blocks !== undefined
      const postState = postStateOf(canCompare ? post : {}, message)
      if (postState === 'as-posted') return []
      const seq = about.kind === 'entry' ? about.seq : about.size
      const { postGone, postAltered } = text.broken
      return broken(seq, postState === 'gone' ? postGone(about.kind) : postAltered(about.kind))
    }),
  )
}

function headsOf(
  messages: readonly unknown[],
  bots: readonly string[],
): Pick<AuditReading, 'heads' | 'others'> {
  const all = witnessesIn(messages)
  const isOurs = ({ bot }: PostedHead) => bots.includes(bot)
  return {
    heads: all.filter(isOurs),
    others: [...new Set(all.filter((head) => !isOurs(head)).map(({ bot }) => bot))],
  }
}

function byTime(one: PostedHead, other: PostedHead): number {
  return Number(one.ts) - Number(other.ts)
}

function messagesIn(path: string): unknown[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(path, name))
    : [path]
  return files.flatMap((file) => {
    const messages: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!Array.isArray(messages)) throw new Error(text.audit.noMessages(file))
    return messages
  })
}
