/** Reading back what the audit channel has witnessed: which entry had which hash when it was posted. */

import type { webApi } from '@slack/bolt'
import { z } from 'zod'
import type { Witness } from '../audit/verify.ts'
import { digestOf } from './essence.ts'

const message = z.object({
  bot_id: z.string().optional(),
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  thread_ts: z.string().optional(),
  ts: z.string().optional(),
  reply_count: z.number().optional(),
  metadata: z.object({ event_payload: z.unknown() }).optional(),
})

const marks = z.object({ seq: z.int().positive(), head: z.string().regex(/^[0-9a-f]{64}$/) })

/** The line that every audit post ends with: `#42 · 0123456789abcdef… · REQ-…`. What people wrote stands above it. */
const lastLine = /(?:^|\n)#(\d{1,15}) · ([0-9a-f]{16})…(?: · REQ-\w+)?$/

/** A head as a message of the audit channel has it. */
export interface PostedHead extends Witness {
  /** The bot that posted it. Any app can post a line like this: only Rekey's own counts. */
  readonly bot: string
  readonly ts: string | undefined
  /** What the message says, where its blocks are there. */
  readonly digest: string | undefined
}

/**
 * The heads in messages of the audit channel, as Slack's API or an export has them. The whole hash
 * where the metadata is there, its beginning from the text otherwise. What people write there,
 * rather than an app, counts for nothing.
 */
export function witnessesIn(messages: readonly unknown[]): PostedHead[] {
  return messages.flatMap((candidate) => {
    const { data } = message.safeParse(candidate)
    const head = data && headIn(data)
    if (data?.bot_id === undefined || head === undefined) return []
    const digest = data.blocks && digestOf({ text: data.text, blocks: data.blocks })
    return [{ ...head, bot: data.bot_id, ts: data.ts, digest }]
  })
}

function headIn({ text, metadata }: z.infer<typeof message>): Witness | undefined {
  const marked = marks.safeParse(metadata?.event_payload)
  if (marked.success) return { seq: marked.data.seq, hash: marked.data.head }
  const [, seq, hash] = lastLine.exec(text ?? '') ?? []
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash }
}

/** Every message of a channel, with the replies in its threads. */
export async function wholeChannel(client: webApi.WebClient, channel: string): Promise<unknown[]> {
  const all: unknown[] = []
  const page = { channel, limit: 200, include_all_metadata: true }
  // A copy each time: the client leaves the cursor of the next page in what it is given.
  const history = client.paginate('conversations.history', { ...page }) as Pages
  for await (const { messages = [] } of history) {
    for (const each of messages) {
      all.push(each)
      const { data } = message.safeParse(each)
      if (data?.ts === undefined || !data.reply_count) continue
      const thread = client.paginate('conversations.replies', { ...page, ts: data.ts }) as Pages
      for await (const replies of thread) all.push(...(replies.messages ?? []))
    }
  }
  return all
}

type Pages = AsyncIterable<{ readonly messages?: unknown[] }>
