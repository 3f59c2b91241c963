/** Reading back what the audit channel has witnessed: which entry had which hash when it was posted. */

import type { webApi } from '@slack/bolt'
import { z } from 'zod'
import type { Witness } from '../audit/verify.ts'

const message = z.object({
  bot_id: z.string().optional(),
  text: z.string().optional(),
  thread_ts: z.string().optional(),
  ts: z.string().optional(),
  reply_count: z.number().optional(),
  metadata: z.object({ event_payload: z.unknown() }).optional(),
})

const marks = z.object({ seq: z.int().positive(), head: z.string().regex(/^[0-9a-f]{64}$/) })

/** The line that every audit post ends with: `#42 · 0123456789abcdef…`. */
const lastLine = /#(\d{1,15}) · ([0-9a-f]{16})…/

/**
 * The heads in messages of the audit channel, as Slack's API or an export has them. The whole hash
 * where the metadata is there, its beginning from the text otherwise. What people write there,
 * rather than an app, counts for nothing.
 */
export function witnessesIn(messages: readonly unknown[]): Witness[] {
  return messages.flatMap((candidate) => {
    const { data } = message.safeParse(candidate)
    if (data?.bot_id === undefined) return []
    const marked = marks.safeParse(data.metadata?.event_payload)
    if (marked.success) return [{ seq: marked.data.seq, hash: marked.data.head }]
    const [, seq, hash] = lastLine.exec(data.text ?? '') ?? []
    return seq === undefined || hash === undefined ? [] : [{ seq: Number(seq), hash }]
  })
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
