/** The middle: one conversation with its messages, or the app's home, and the field to write in. */

import { type ComponentChildren, h } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Conversation } from '../web/snapshot.ts'
import { Composer } from './composer.ts'
import { usePage } from './context.ts'
import { nameOf, openConversation } from './conversation-name.ts'
import { Home } from './home.ts'
import { Icon } from './icons.ts'
import type { Navigation } from './location.ts'
import { MessageLog } from './message-log.ts'
import { TabList } from './tabs.ts'

/** The conversation with the app has a tab for its home, if the app has one. */
export function ConversationPane({ location, go }: Navigation): ComponentChildren {
  const { snapshot } = usePage()
  const { conversations, app } = snapshot
  const [tab, setTab] = useState('messages')
  const conversation = openConversation(conversations, location.in)
  if (!conversation) return h('main', { class: 'conversation' }, 'Nothing to see here.')
  const name = nameOf(conversation, app.name)
  const hasTabs = conversation.kind === 'im' && app.hasHome
  const shown = hasTabs ? tab : 'messages'
  return h('main', { class: 'conversation', 'aria-label': name }, [
    h('header', {}, [
      h('h1', {}, [
        conversation.kind === 'private' && [h(Icon, { shape: 'lock', label: 'Private' }), ' '],
        name,
      ]),
      conversation.isShared && h('span', { class: 'quiet' }, 'shared with another company'),
      h('span', { class: 'quiet narrow' }, `You are ${snapshot.me.name}`),
      hasTabs && h(TabList, { label: name, tabs: homeTabs, at: tab, choose: setTab }),
    ]),
    shown === 'home'
      ? h(Home, { key: 'home' })
      : h(Messages, { key: conversation.id, conversation, location, go, name }),
  ])
}

const homeTabs = [
  { id: 'home', name: 'Home' },
  { id: 'messages', name: 'Messages' },
]

type MessagesProps = Navigation & { readonly conversation: Conversation; readonly name: string }

function Messages({ conversation, name, go }: MessagesProps): ComponentChildren {
  useReadMark(conversation)
  const { messages, id, kind } = conversation
  return [
    h(MessageLog, {
      label: `Messages in ${name}`,
      messages: messages.filter(
        ({ threadTs, ts, broadcast }) => threadTs === undefined || threadTs === ts || broadcast,
      ),
      all: messages,
      openThread: (ts) => go({ in: id, thread: ts, tab: 'thread', pane: 'side-panel' }),
    }),
    h(Composer, {
      channel: id,
      label: `Message ${kind === 'im' ? name : `#${conversation.name}`}`,
    }),
  ]
}

/** What stands on the screen has been read, as long as somebody looks at it. */
function useReadMark({ id, messages, unread }: Conversation): void {
  const { send } = usePage()
  const last = messages.at(-1)?.ts
  useEffect(() => {
    const read = () => {
      if (last === undefined || unread === 0 || document.visibilityState !== 'visible') return
      void send({ kind: 'read', channel: id, ts: last })
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [id, last, unread])
}
