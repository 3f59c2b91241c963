/** The page as a whole: the line to the server, and the parts side by side. */

import { type ComponentChildren, h } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Snapshot } from '../web/snapshot.ts'
import { useConfirm } from './confirm.ts'
import { CommandQueue, subscribe } from './connection.ts'
import { Context, type PageContext } from './context.ts'
import { ConversationPane } from './conversation.ts'
import { type Navigation, useLocation } from './location.ts'
import { Modal } from './modal.ts'
import { SidePanel } from './side-panel.ts'
import { Sidebar } from './sidebar.ts'
import { Tour } from './tour.ts'

/** Everything hangs on one snapshot: what the server has not sent is nowhere on the page. */
export function App(): ComponentChildren {
  const [location, go] = useLocation()
  const { snapshot, isLost } = useSnapshot(location.as)
  const queue = useMemo(() => new CommandQueue(location.as), [location.as])
  const [said, setSaid] = useState('')
  const { dialog, confirm } = useConfirm()
  useEffect(() => {
    if (snapshot) document.title = `${snapshot.me.name} · Rekey sandbox`
  }, [snapshot?.me.name])

  if (!snapshot) return h('p', { class: 'opening' }, isLost ? lost : 'Opening the sandbox…')
  const page: PageContext = {
    snapshot,
    send: (command) => queue.send(command),
    sendTyped: (command) => queue.sendTyped(command),
    notice: h(Notice, { words: isLost ? lost : said, dismiss: () => setSaid('') }),
    say: setSaid,
    confirm,
  }
  return h(Context.Provider, { value: page }, [
    h('div', { class: 'page', 'data-pane': location.pane }, [
      h(Tour, { location, go }),
      h(Sidebar, { location, go }),
      h(ConversationPane, { key: location.as, location, go }),
      h(SidePanel, { location, go }),
      h(Panes, { location, go }),
    ]),
    h(Modal, {}),
    dialog,
    // A window is over everything else, so it has to show the notice itself.
    snapshot.stack.length === 0 && page.notice,
  ])
}

const lost = 'The sandbox does not answer. Has it ended?'

type Shown = { readonly as: string; readonly snapshot: Snapshot }

/** What this person sees now; undefined until the first snapshot has come. */
function useSnapshot(as: string): { snapshot: Snapshot | undefined; isLost: boolean } {
  const [shown, setShown] = useState<Shown | undefined>(undefined)
  const [isLost, setLost] = useState(false)
  useEffect(() => subscribe(as, (snapshot) => setShown({ as, snapshot }), setLost), [as])
  // Never one person's messages under another one's name.
  return { snapshot: shown?.as === as ? shown.snapshot : undefined, isLost }
}

function Notice({ words, dismiss }: { words: string; dismiss: () => void }): ComponentChildren {
  useEffect(() => {
    if (words === '') return undefined
    const timer = setTimeout(dismiss, 8000)
    return () => clearTimeout(timer)
  }, [words])
  return h(
    'div',
    { class: 'notice', role: 'status' },
    words !== '' && [
      h('span', {}, words),
      h('button', { type: 'button', 'aria-label': 'Dismiss', onClick: dismiss }, '×'),
    ],
  )
}

const panes = [
  ['people', 'Channels'],
  ['conversation', 'Messages'],
  ['side-panel', 'Around it'],
] as const

/** On a narrow screen only: one part at a time. */
function Panes({ location, go }: Navigation): ComponentChildren {
  return h(
    'nav',
    { class: 'panes', 'aria-label': 'Parts of the page' },
    panes.map(([pane, name]) =>
      h(
        'button',
        {
          key: pane,
          type: 'button',
          'aria-current': location.pane === pane ? 'page' : undefined,
          onClick: () => go({ pane }),
        },
        name,
      ),
    ),
  )
}
