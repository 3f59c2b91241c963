/** The right side: a thread, or what is around the workspace, one tab each. */

import { type ComponentChildren, h } from 'preact'
import { ApplicationPage } from './application.ts'
import { TroublesTab } from './faults-tab.ts'
import { BooksTab } from './ledger-tab.ts'
import type { Going } from './location.ts'
import { Letters } from './mailbox-tab.ts'
import { TabList } from './tabs.ts'
import { Thread } from './thread.ts'

const tabs = [
  { id: 'thread', name: 'Thread' },
  { id: 'mailbox', name: 'Mailbox' },
  { id: 'phone', name: 'Phone' },
  { id: 'application', name: 'Sign-in' },
  { id: 'ledger', name: 'Ledger' },
  { id: 'troubles', name: 'Troubles' },
]

export function Beside({ place, go }: Going): ComponentChildren {
  return h('aside', { class: 'beside', 'aria-label': 'Around the workspace' }, [
    h(TabList, {
      label: 'Around the workspace',
      tabs,
      at: place.beside,
      choose: (beside) => go({ beside }),
    }),
    h(
      'div',
      { class: 'tab-body', role: 'tabpanel', 'aria-labelledby': `tab-${place.beside}` },
      // It stays while another tab is looked at: somebody may be in the middle of signing in.
      [
        h('div', { hidden: place.beside !== 'application' }, h(ApplicationPage, {})),
        h(Part, { place, go }),
      ],
    ),
  ])
}

function Part({ place, go }: Going): ComponentChildren {
  switch (place.beside) {
    case 'thread':
      return h(Thread, { place, go })
    case 'mailbox':
      return h(Letters, { key: 'email', kind: 'email' })
    case 'phone':
      return h(Letters, { key: 'sms', kind: 'sms' })
    case 'ledger':
      return h(BooksTab, {})
    case 'troubles':
      return h(TroublesTab, {})
    default:
      return null
  }
}
