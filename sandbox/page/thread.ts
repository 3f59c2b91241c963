/** A thread: its first message, the replies, and a field for one more. */

import { type ComponentChildren, h } from 'preact'
import { Composer } from './composer.ts'
import { usePage } from './context.ts'
import { nameOf, openConversation } from './conversation-name.ts'
import type { Navigation } from './location.ts'
import { MessageLog } from './message-log.ts'

/** The open conversation's open thread, if there is one. */
export function Thread({ location }: Navigation): ComponentChildren {
  const { conversations, app } = usePage().snapshot
  const conversation = openConversation(conversations, location.in)
  const messages = conversation?.messages.filter(
    ({ ts, threadTs }) => ts === location.thread || threadTs === location.thread,
  )
  if (!conversation || !messages || messages.length === 0)
    return h('p', { class: 'quiet empty' }, 'Open a thread from a message: “Reply in thread”.')
  const name = nameOf(conversation, app.name)
  return h('div', { class: 'thread' }, [
    h('p', { class: 'quiet' }, name),
    h(MessageLog, { key: location.thread, label: `Thread in ${name}`, messages, all: [] }),
    h(Composer, {
      key: location.thread,
      channel: conversation.id,
      label: 'Reply…',
      thread: location.thread,
    }),
  ])
}
