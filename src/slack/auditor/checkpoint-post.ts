/** The audit channel's post of a signed checkpoint, and reading it back. */

import type { SignedCheckpoint } from '../../audit/checkpoint-signer.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { section } from '../kit/blocks.ts'
import { text } from '../text/text.ts'

export function checkpointPost({ size, note }: SignedCheckpoint): MessageBody {
  const sentence = text.auditor.checkpoint(size)
  const block = `\`\`\`\n${note}\`\`\``
  return { text: `${sentence}\n${block}`, blocks: [section(sentence), section(block)] }
}

// As in audit/checkpoint.ts; what may stand around it in a message is left out.
const noteForm =
  /rekey-ledger\/[0-9a-f]{16}\n\d{1,15}\n[A-Za-z0-9+/=]+\n\n(?:— \S+ [A-Za-z0-9+/=]+\n)+/g

/** The signed notes in messages of the audit channel. Whether they are signed by the right key is not looked at. */
export function notesIn(messages: readonly unknown[]): string[] {
  return messages.flatMap((message) => {
    const isPost = typeof message === 'object' && message !== null && 'text' in message
    return isPost ? [...String(message.text).matchAll(noteForm)].map(([note]) => note) : []
  })
}
