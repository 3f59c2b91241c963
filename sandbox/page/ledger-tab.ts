/** The ledger and the outbox, as Rekey has them in its database right now. */

import { type ComponentChildren, h } from 'preact'
import type { Line } from '../web/ledger-view.ts'
import { usePage } from './context.ts'

/** Both as they stand; entries open to the row as it was written. */
export function LedgerTab(): ComponentChildren {
  const { ledgerView } = usePage().snapshot
  if (!ledgerView) return h('p', { class: 'quiet empty' }, 'Rekey has written nothing yet.')
  return h('div', { class: 'ledger-tab' }, [
    h(Lines, { title: 'Ledger', lines: ledgerView.ledger, isNumbered: true }),
    h(Lines, { title: 'Outbox', lines: ledgerView.outbox, isNumbered: false }),
  ])
}

interface LinesProps {
  readonly title: string
  readonly lines: readonly Line[]
  readonly isNumbered: boolean
}

function Lines({ title, lines, isNumbered }: LinesProps): ComponentChildren {
  return h('section', { 'aria-label': title }, [
    h('h3', {}, title),
    lines.length === 0 && h('p', { class: 'quiet' }, 'Empty.'),
    lines.map(({ id, title: what, detail, state, json }) =>
      h('details', { key: id, class: `line ${state}` }, [
        h('summary', {}, [
          isNumbered && h('span', { class: 'quiet' }, `${id} `),
          h('strong', {}, what),
          ' ',
          h('span', { class: 'quiet' }, detail),
        ]),
        h('pre', {}, json),
      ]),
    ),
  ])
}
