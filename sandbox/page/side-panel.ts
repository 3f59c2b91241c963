/** The right side: a thread, or what is around the workspace, one tab each. */

import { type ComponentChildren, h } from 'preact'
import { ApplicationPage } from './application.ts'
import { FaultsTab } from './faults-tab.ts'
import { LedgerTab } from './ledger-tab.ts'
import type { Navigation } from './location.ts'
import { MailboxTab } from './mailbox-tab.ts'
import { TabList } from './tabs.ts'
import { Thread } from './thread.ts'

const tabs = [
  { id: 'thread', name: 'Thread' },
  { id: 'mailbox', name: 'Mailbox' },
  { id: 'phone', name: 'Phone' },
  { id: 'application', name: 'Sign-in' },
  { id: 'ledger', name: 'Ledger' },
  { id: 'faults', name: 'Troubles' },
]

/** Which tab is open stands in the address. */
export function SidePanel({ location, go }: Navigation): ComponentChildren {
  return h('aside', { class: 'side-panel', 'aria-label': 'Around the workspace' }, [
    h(TabList, {
      label: 'Around the workspace',
      tabs,
      at: location.tab,
      choose: (tab) => go({ tab }),
    }),
    h(
      'div',
      { class: 'tab-body', role: 'tabpanel', 'aria-labelledby': `tab-${location.tab}` },
      // It stays while another tab is looked at: somebody may be in the middle of signing in.
      [
        h('div', { hidden: location.tab !== 'application' }, h(ApplicationPage, {})),
        h(Part, { location, go }),
      ],
    ),
  ])
}

function Part({ location, go }: Navigation): ComponentChildren {
  switch (location.tab) {
    case 'thread':
      return h(Thread, { location, go })
    case 'mailbox':
      return h(MailboxTab, { key: 'email', kind: 'email' })
    case 'phone':
      return h(MailboxTab, { key: 'sms', kind: 'sms' })
    case 'ledger':
      return h(LedgerTab, {})
    case 'faults':
      return h(FaultsTab, {})
    default:
      return null
  }
}
