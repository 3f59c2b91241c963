/** Messages one below the other, the latest in view. */

import { type ComponentChildren, h } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { MessageView } from '../web/snapshot.ts'
import { usePage } from './context.ts'
import { formatDate, stampDate } from './dates.ts'
import { Message } from './message.ts'

interface MessageLogProps {
  readonly label: string
  readonly messages: readonly MessageView[]
  /** Where replies are counted. */
  readonly all: readonly MessageView[]
  readonly openThread?: (ts: string) => void
}

// Further up than this, somebody is reading, and is left alone.
const nearPx = 120

/** Stays at the end as messages come, unless somebody has scrolled up to read. */
export function MessageLog({
  label,
  messages,
  all,
  openThread,
}: MessageLogProps): ComponentChildren {
  const { me } = usePage().snapshot
  const log = useRef<HTMLDivElement>(null)
  const wasNear = useRef(true)
  useLayoutEffect(() => {
    if (log.current && wasNear.current) log.current.scrollTop = log.current.scrollHeight
  })
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = log.current ?? document.body
    wasNear.current = scrollHeight - scrollTop - clientHeight < nearPx
  }
  const dayOf = (ts: string) => formatDate(stampDate(ts), '{date_long_pretty}', me, new Date())
  return h(
    'div',
    { ref: log, class: 'log', role: 'log', 'aria-label': label, tabIndex: 0, onScroll },
    [
      messages.length === 0 && h('p', { class: 'quiet empty' }, 'Nothing has been said here yet.'),
      messages.flatMap((message, index) => {
        const before = messages[index - 1]
        const isNewDay = before === undefined || dayOf(before.ts) !== dayOf(message.ts)
        const replies = all.filter(
          ({ threadTs, ts }) => threadTs === message.ts && ts !== message.ts,
        )
        return [
          isNewDay &&
            h(
              'div',
              { key: `day of ${message.ts}`, class: 'day' },
              h('span', {}, dayOf(message.ts)),
            ),
          h(Message, {
            key: message.ts,
            message,
            replies: replies.length,
            openThread: openThread && (() => openThread(message.threadTs ?? message.ts)),
          }),
        ]
      }),
    ],
  )
}
