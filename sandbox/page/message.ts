/** One message: who, when, what, and what can be done with it. */

import { type ComponentChildren, h } from 'preact'
import type { MessageView } from '../web/snapshot.ts'
import { Avatar } from './avatar.ts'
import { Blocks } from './blocks.ts'
import { type Surface, usePage } from './context.ts'
import { stampDate, timeOf } from './dates.ts'
import { Icon } from './icons.ts'
import { PopUp } from './pop-up.ts'
import { Mrkdwn } from './text.ts'

interface MessageProps {
  readonly message: MessageView
  readonly replies: number
  readonly openThread: (() => void) | undefined
}

/** One that only this person sees says so, and has neither a thread nor shortcuts. */
export function Message({ message, replies, openThread }: MessageProps): ComponentChildren {
  const { names, me } = usePage().snapshot
  const { ts, user, botId, onlyFor, edited, tombstone, threadTs, broadcast } = message
  const author = names.people[user] ?? user
  const time = timeOf(stampDate(ts), me)
  const isPrivate = onlyFor !== undefined
  return h(
    'article',
    { class: isPrivate ? 'message ephemeral' : 'message', 'aria-label': `${author} at ${time}` },
    [
      h(Avatar, { name: author, isApp: botId !== undefined }),
      h('div', { class: 'message-main' }, [
        isPrivate &&
          h('p', { class: 'quiet only-you' }, [h(Icon, { shape: 'eye' }), ' Only visible to you']),
        broadcast && threadTs !== ts && h('p', { class: 'quiet' }, 'replied to a thread'),
        h('p', { class: 'message-head' }, [
          h('strong', {}, author),
          botId !== undefined && h('span', { class: 'app-mark' }, 'APP'),
          ' ',
          h('time', { class: 'quiet', dateTime: stampDate(ts).toISOString() }, time),
        ]),
        tombstone ? h('p', { class: 'quiet' }, h('em', {}, message.text)) : h(Body, { message }),
        edited && h('span', { class: 'quiet' }, '(edited)'),
        replies > 0 &&
          openThread &&
          h(
            'button',
            { type: 'button', class: 'replies', onClick: openThread },
            replies === 1 ? '1 reply' : `${replies} replies`,
          ),
      ]),
      !isPrivate && h(Tools, { message, openThread }),
    ],
  )
}

function Body({ message }: { message: MessageView }): ComponentChildren {
  const { channel, ts, blocks, text, values } = message
  const surface: Surface = { container: { kind: 'message', channel, ts }, values, errors: {} }
  if (blocks.length === 0) return h('div', {}, h(Mrkdwn, { text }))
  return h(Blocks, { blocks, surface })
}

/** What shows up at a message's corner when one points at it or tabs to it. */
function Tools({
  message: { channel, ts },
  openThread,
}: Omit<MessageProps, 'replies'>): ComponentChildren {
  const { send, say, snapshot } = usePage()
  const shortcuts = snapshot.shortcuts.map(({ name }) => ({
    text: name,
    choose: () =>
      void send({ kind: 'shortcut', name, channel, ts }).then((reply) => {
        if (reply.kind === 'failed') say(reply.says)
      }),
  }))
  if (!openThread && shortcuts.length === 0) return null
  return h('div', { class: 'tools' }, [
    openThread &&
      h(
        'button',
        { type: 'button', class: 'button', onClick: openThread, 'aria-label': 'Reply in thread' },
        h(Icon, { shape: 'reply' }),
      ),
    shortcuts.length > 0 && h(PopUp, { label: 'More actions', entries: shortcuts }),
  ])
}
