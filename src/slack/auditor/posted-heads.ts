/** Reading back what the audit channel shows: which entry had which hash when it was posted. */

import type { webApi } from '@slack/bolt'
import { z } from 'zod'
import type { Witness } from '../../audit/verify.ts'
import type { FoundMessage } from '../outbound/post-state.ts'

const messageForm = z.object({
  ts: z.string().regex(/^\d{1,12}\.\d{6}$/),
  // Whatever else is strange about a message, it stands there.
  bot_id: z.string().optional().catch(undefined),
  subtype: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  blocks: z.array(z.unknown()).optional().catch(undefined),
  edited: z.unknown().optional(),
  reply_count: z.number().optional().catch(undefined),
  metadata: z.object({ event_payload: z.unknown() }).optional().catch(undefined),
})

type ChannelMessage = z.infer<typeof messageForm>

const marks = z.object({ seq: z.int().positive(), head: z.string().regex(/^[0-9a-f]{64}$/) })

/** The line that every audit post ends with: `#42 · 0123456789abcdef… · REQ-…`. What people wrote stands above it. */
const lastLine = /(?:^|\n)#(\d{1,15}) · ([0-9a-f]{16})…(?: · REQ-\w+)?$/

/** A head as a message of the audit channel has it. */
export interface PostedHead extends Witness {
  /** The bot that posted it. Any app can post a line like this: only Rekey's own counts. */
  readonly bot: string
  /** When it was posted, as Slack counts: seconds, and a number that makes it unique. */
  readonly ts: string
}

/**
 * The heads in messages of the audit channel, as Slack's API or an export has them. The whole hash
 * where the metadata is there, its beginning from the text otherwise. What people write there,
 * rather than an app, counts for nothing.
 */
export function witnessesIn(messages: readonly unknown[]): PostedHead[] {
  return messages.flatMap((candidate) => {
    const message = readMessage(candidate)
    const head = message && headIn(message)
    if (message?.bot_id === undefined || head === undefined) return []
    return [{ ...head, bot: message.bot_id, ts: message.ts }]
  })
}

/** What stands where in a channel: its messages by their times. */
export function messagesByTime(
  messages: readonly unknown[],
): ReadonlyMap<string, FoundMessage & { readonly ts: string }> {
  const read = messages.flatMap((candidate) => readMessage(candidate) ?? [])
  return new Map(read.map((message) => [message.ts, message]))
}

function readMessage(candidate: unknown): ChannelMessage | undefined {
  return messageForm.safeParse(candidate).data
}

function headIn({ text, metadata }: ChannelMessage): Witness | undefined {
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
      const message = readMessage(each)
      if (message === undefined || !message.reply_count) continue
      const thread = client.paginate('conversations.replies', { ...page, ts: message.ts }) as Pages
      for await (const replies of thread) all.push(...(replies.messages ?? []))
    }
  }
  return all
}

type Pages = AsyncIterable<{ readonly messages?: unknown[] }>
