/** The left side: whose eyes one looks through, and the conversations this person can see. */

import { type ComponentChildren, h } from 'preact'
import type { Conversation, PersonView } from '../web/snapshot.ts'
import { Avatar } from './avatar.ts'
import { usePage } from './context.ts'
import { nameOf, openConversation } from './conversation-name.ts'
import { Icon } from './icons.ts'
import type { Navigation } from './location.ts'
import { addressOf } from './location.ts'

/** Changing who one is keeps the conversation, if the other one sees it, too. */
export function Sidebar({ location, go }: Navigation): ComponentChildren {
  const { people, conversations, app } = usePage().snapshot
  const channels = conversations.filter(({ kind }) => kind !== 'im')
  const direct = conversations.filter(({ kind }) => kind === 'im')
  const here = openConversation(conversations, location.in)?.id
  const link = (each: Conversation) =>
    h(ConversationLink, {
      key: each.id,
      conversation: each,
      name: nameOf(each, app.name),
      isHere: each.id === here,
      open: () => go({ in: each.id, thread: '', pane: 'conversation' }),
    })
  return h('aside', { class: 'sidebar', 'aria-label': 'People and channels' }, [
    h('nav', { 'aria-label': 'Whose eyes' }, [
      h('h2', {}, 'You are'),
      h(
        'ul',
        { class: 'people' },
        people.map((person) =>
          h(PersonLink, {
            key: person.id,
            person,
            isMe: person.id === location.as,
            address: addressOf({ ...location, as: person.id, thread: '' }),
            become: () => go({ as: person.id, thread: '' }),
          }),
        ),
      ),
    ]),
    h('nav', { 'aria-label': 'Conversations' }, [
      h('h2', {}, 'Channels'),
      h('ul', {}, channels.map(link)),
      h('h2', {}, 'Direct messages'),
      h('ul', {}, direct.map(link)),
    ]),
  ])
}

interface PersonLinkProps {
  readonly person: PersonView
  readonly isMe: boolean
  readonly address: string
  readonly become: () => void
}

/** A real link: opened in a second window, it is a second person beside the first. */
function PersonLink({ person, isMe, address, become }: PersonLinkProps): ComponentChildren {
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    become()
  }
  return h(
    'li',
    {},
    h('a', { href: address, 'aria-current': isMe ? 'true' : undefined, onClick }, [
      h(Avatar, { name: person.name }),
      h('span', { class: 'person-name' }, person.name),
      ' ',
      h('span', { class: 'quiet' }, person.role),
    ]),
  )
}

interface ConversationLinkProps {
  readonly conversation: Conversation
  readonly name: string
  readonly isHere: boolean
  readonly open: () => void
}

function ConversationLink(props: ConversationLinkProps): ComponentChildren {
  const { conversation, name, isHere, open } = props
  const { unread, isShared } = conversation
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: unread > 0 ? 'unread' : '',
        'aria-current': isHere ? 'page' : undefined,
        onClick: open,
      },
      [
        conversation.kind === 'private' && h(Icon, { shape: 'lock', label: 'Private' }),
        h('span', { class: 'conversation-name' }, name),
        isShared && h(Icon, { shape: 'shared', label: 'Shared with another company' }),
        unread > 0 &&
          h('span', { class: 'badge' }, [
            String(unread),
            h('span', { class: 'unseen' }, ' unread'),
          ]),
      ],
    ),
  )
}
